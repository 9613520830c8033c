import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell } from 'electron';
import { readOutFile } from '../core/door/out-file.ts';
import { pageServer } from '../core/door/page-server.ts';
import { CaseError } from '../core/fault.ts';
import { forkEngine } from './engine-process.ts';
import { hardenApp, hardenSession, webPreferences } from './harden.ts';
import { menuTemplate } from './menu.ts';
import { ORIGIN, SCHEME } from './origin.ts';
import { caseOf, shownByFileManager } from './paths.ts';
import { DesktopShell } from './shell.ts';
import { readRecent, readRuleFolders, readWindowState, StateFile } from './state-file.ts';

/** Where the built app lies: `electron/` and `renderer/` beside `core/`. */
const BUILT = join(__dirname, '..');

let window: BrowserWindow | null = null;
const windowState = () => new StateFile(join(app.getPath('userData'), 'window.json'), readWindowState);

const desktop = () =>
  new DesktopShell({
    dialog,
    fileManager: shell,
    recent: new StateFile(join(app.getPath('userData'), 'recent.json'), readRecent),
    ruleFolders: new StateFile(join(app.getPath('userData'), 'rule-folders.json'), readRuleFolders),
    // Only native modules lie outside of the archive; the engine itself is read from within (decision 32).
    start: () => forkEngine(join(BUILT, 'core', 'host', 'engine-main.js')),
    version: app.getVersion(),
    role: app.commandLine.hasSwitch('reader') ? 'reader' : 'admin',
    window: () => window,
  });

function servePages(desktopShell: DesktopShell): void {
  const report = async (token: string) => {
    const open = desktopShell.openCase;
    return open === null ? null : readOutFile(open.folder.out, token);
  };
  const app = pageServer({ origin: ORIGIN, bundle: join(BUILT, 'renderer'), report });
  const start = pageServer({ origin: ORIGIN, bundle: join(BUILT, 'start'), report: async () => null });
  protocol.handle(SCHEME, (request) => (desktopShell.openCase === null ? start(request) : app(request)));
}

/** A page that has ended, for want of memory say, leaves an empty window. */
async function offerPage(made: BrowserWindow, reason: string): Promise<void> {
  const message = `The page of this window has ended (${reason}).`;
  const detail = 'The case is as the last change left it; an import goes on.';
  await dialog.showMessageBox(made, { type: 'error', message, detail, buttons: ['Show it again'] });
  if (!made.isDestroyed()) made.webContents.reload();
}

function openWindow(desktopShell: DesktopShell): BrowserWindow {
  const file = windowState();
  const { isMaximised, ...bounds } = file.load();
  const made = new BrowserWindow({
    ...bounds,
    minWidth: 640,
    minHeight: 400,
    show: false,
    backgroundColor: '#111418',
    webPreferences: webPreferences(join(__dirname, 'preload.cjs'), app.isPackaged),
  });
  if (isMaximised) made.maximize();
  made.once('ready-to-show', () => {
    made.show();
    // Whoever has started us from a terminal serves the app to a browser if no window comes.
    if (app.commandLine.hasSwitch('tell-when-shown')) process.send?.('shown');
  });
  made.on('close', () => file.save({ ...made.getNormalBounds(), isMaximised: made.isMaximized() }));
  made.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    desktopShell.pageGone();
    tell(offerPage(made, reason));
  });
  made.on('closed', () => {
    window = null;
  });
  return made;
}

/** What goes wrong outside of a page is said in a box. */
function tell(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    const isOurs = error instanceof CaseError;
    const detail = isOurs ? (error.hint ?? '') : '';
    void dialog.showMessageBox({ type: 'error', message: isOurs ? error.message : String(error), detail });
  });
}

function setMenu(desktopShell: DesktopShell): void {
  const deeds = {
    openCase: () => tell(desktopShell.chooseCase()),
    newCase: () => tell(desktopShell.newCase()),
    about: () => tell(dialog.showMessageBox({ message: `Decklog ${app.getVersion()}`, detail: ABOUT })),
    licences: () => shell.showItemInFolder(shownByFileManager(BUILT, 'licences', 'LICENCES.txt')),
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(deeds, process.platform === 'darwin')));
}

const ABOUT = 'Investigates a Kubernetes cluster from its audit logs alone. It never asks for a network.';

async function start(desktopShell: DesktopShell): Promise<void> {
  hardenSession(session.defaultSession);
  servePages(desktopShell);
  desktopShell.listen(ipcMain);
  setMenu(desktopShell);
  window = openWindow(desktopShell);
  const named = caseOf(process.argv.slice(1), process.cwd());
  if (named !== null) await desktopShell.open(named);
  else await window.loadURL(`${ORIGIN}/`);
}

if (!app.requestSingleInstanceLock()) app.quit();
else {
  hardenApp(app);
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  const desktopShell = desktop();
  let isClosed = false;
  app.on('second-instance', (_event, args, folder) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    const named = caseOf(args.slice(1), folder);
    if (named !== null) tell(desktopShell.open(named));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    tell(app.whenReady().then(() => desktopShell.open(path)));
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void desktopShell.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
  void app.whenReady().then(() => tell(start(desktopShell)));
}
