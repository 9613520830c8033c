// Stands in front of the app's entry: once its page is there, the page asks for windows; then one line says what came of it. Without
// Playwright, which keeps a page waiting for ever there.
const { app, BrowserWindow, webContents } = require('electron');

const asked = [];
app.once('browser-window-created', (_event, { webContents: contents }) => {
  contents.on('new-window', (event, url) => {
    asked.push({ url, isStopped: event.defaultPrevented });
    if (asked.length === 2) setImmediate(tell);
  });
  contents.once('did-finish-load', () => ask(contents));
});

async function ask(contents) {
  await contents.executeJavaScript(`void window.open('https://evil.example/opened')`, true);
  const link = `Object.assign(document.createElement('a'), { href: 'https://evil.example/link', target: '_blank' }).click()`;
  await contents.executeJavaScript(link, true);
}

function tell() {
  const windows = BrowserWindow.getAllWindows().length;
  const pages = webContents.getAllWebContents().filter((contents) => /evil/.test(contents.getURL())).length;
  process.stdout.write(`${JSON.stringify({ asked, windows, pages })}\n`);
  app.exit(0);
}

require(process.env.DECKLOG_ENTRY);
