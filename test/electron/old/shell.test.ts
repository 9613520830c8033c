import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { foundCase } from '../../door/pages.ts';
import { temporaryFolder } from '../../host/case.ts';
import { type Outside, openOutside, PAGE_CHECKS } from '../checks.ts';
import { checkEditor } from '../editor-check.ts';
import { patient } from '../story/story.ts';
import { attemptsOf, copyWithLinks, inForeignPage, loadBare, openWindows, watchAttempts } from './attempts.ts';
import { type Display, openDisplay } from './display.ts';
import { launchOld, type OldShell } from './launch.ts';

const old = inject('oldElectron');

describe.skipIf('why' in old)('the shell on the old Electron', () => {
  const { binary, entry } = old as Exclude<typeof old, { why: string }>;
  let display: Display;
  let outside: Outside;
  let shell: OldShell;
  let copied = '';
  let casePath = '';

  const launch = (userData: string) =>
    launchOld({
      ...{ binary, entry: copied, display: display.name, userData },
      // With devices that are made up, asking for one is decided by permission alone.
      opens: ['--use-fake-device-for-media-stream', casePath],
    });

  beforeAll(async () => {
    display = (await openDisplay()) as Display;
    outside = await openOutside();
    casePath = await foundCase();
    copied = copyWithLinks(entry);
    shell = await launch(temporaryFolder());
    patient(shell.page);
    await shell.page.getByRole('navigation', { name: 'Views' }).waitFor();
    await watchAttempts(shell.app);
  });

  afterAll(async () => {
    await shell?.close();
    await outside?.close();
    await display?.close();
  });

  test.each(PAGE_CHECKS)('$name', ({ check }) => check(shell.page, outside));

  test('the editor of rules works within our policy', () => checkEditor(shell.page));

  test('the window is sandboxed and isolated, without Node and web views', async () => {
    const preferences = await shell.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) =>
        (webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
      ),
    );
    expect(preferences).toMatchObject([
      {
        ...{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, webSecurity: true },
        ...{ allowRunningInsecureContent: false, experimentalFeatures: false, navigateOnDragDrop: false },
      },
    ]);
  });

  test('what the page asks leave for is denied', async () => {
    const answers = await shell.page.evaluate(`(async () => ({
      place: await new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('given'), ({ code }) => done(code))),
      notices: await Notification.requestPermission(),
      sound: await navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', ({ name }) => name),
      picture: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', ({ name }) => name),
      midi: await navigator.requestMIDIAccess({ sysex: true }).then(() => 'given', ({ name }) => name),
      clipboard: await navigator.clipboard.readText().then(() => 'given', ({ message }) => message),
    }))()`);

    const denied = 'denied';
    expect(answers).toMatchObject({
      place: 1,
      notices: denied,
      clipboard: 'Read permission denied.',
      midi: 'SecurityError',
    });
    expect(answers).toMatchObject({ sound: 'NotAllowedError', picture: 'NotAllowedError' });
  });

  test('the page cannot leave the app', async () => {
    const page = shell.page.url();
    const connections = outside.connections();
    await shell.page.evaluate('globalThis.isStillHere = true');
    for (const url of ['https://evil.example/', `${outside.url}left`, 'decklog://app.evil/', 'decklog://evil/']) {
      await shell.page.evaluate(`Object.assign(document.createElement('a'), { href: '${url}' }).click()`);
      await expect.poll(() => attemptsOf(shell.app), { timeout: 60_000 }).toContainEqual({ url, isStopped: true });
    }

    expect(await shell.page.evaluate('globalThis.isStillHere')).toBe(true);
    expect(shell.page.url()).toBe(page);
    expect(outside.connections()).toBe(connections);
  });

  test('a download is not begun', async () => {
    const url = 'decklog://app/index.html';
    await shell.page.evaluate(
      `Object.assign(document.createElement('a'), { href: '${url}', download: 'page.html' }).click()`,
    );
    await expect.poll(() => attemptsOf(shell.app), { timeout: 60_000 }).toContainEqual({ url, isStopped: true });
  });

  test('no window is opened', async () => {
    const urls = ['https://evil.example/opened', 'https://evil.example/link'];
    expect(await openWindows(binary, copied, display.name, casePath)).toEqual({
      asked: urls.map((url) => ({ url, isStopped: true })),
      ...{ windows: 1, pages: 0 },
    });
  });

  test('links in the folder of pages lead nowhere', async () => {
    const statuses = await shell.page.evaluate(
      `Promise.all(['/beside.json', '/above/package.json'].map((path) => fetch(path).then(({ status }) => status)))`,
    );
    expect(statuses).toEqual([404, 404]);
  });

  test('requests of any other scheme and host are cancelled, even of a page without a policy', async () => {
    const connections = outside.connections();
    for (const url of [outside.url, 'https://evil.example/', 'file:///etc/passwd', 'decklog://app.evil/'])
      expect([url, await loadBare(shell.app, url)]).toEqual([url, 'ERR_BLOCKED_BY_CLIENT']);

    // Elsewhere a file is shown: it is our session that refuses. And no name is looked up, whatever the session.
    expect(await loadBare(shell.app, 'file:///etc/passwd', 'apart')).toBe('loaded');
    const named = outside.url.replace('127.0.0.1', 'localhost');
    expect(await loadBare(shell.app, named, 'apart')).toBe('ERR_NAME_NOT_RESOLVED');
    expect(outside.connections()).toBe(connections);
  });

  test('a page that is not ours is not heard, and nobody on a channel that does not exist', async () => {
    const answers = await inForeignPage<readonly string[]>(
      shell.app,
      `Promise.all(['facts', 'recent', 'open-recent', 'save', 'made-up'].map((name) => ask('decklog:' + name, 0)))`,
    );
    expect(answers.slice(0, 4)).toEqual(Array(4).fill(expect.stringMatching(/: refused$/)));
    expect(answers[4]).toMatch(/No handler registered/);
  });

  test('what a page that is not ours says on the channel of calls is answered to nobody', async () => {
    await shell.page.evaluate(
      `decklogShell.onTell(({ kind, id }) => (globalThis.heard = [...(globalThis.heard || []), kind + id]))`,
    );
    await inForeignPage(shell.app, `say('decklog:say', { kind: 'ask', id: 600001, name: 'jobs/list', req: {} }); null`);
    await shell.page.evaluate(`decklogShell.say({ kind: 'ask', id: 600002, name: 'jobs/list', req: {} })`);

    const heard = () => shell.page.evaluate('globalThis.heard') as Promise<readonly string[]>;
    await expect.poll(heard, { timeout: 60_000 }).toContain('answer600002');
    expect(await heard()).not.toContain('answer600001');
  });
});
