import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foundCase } from '../door/pages.ts';
import { SAMPLES, temporaryFolder } from '../host/case.ts';
import { type Outside, openOutside, PAGE_CHECKS } from './checks.ts';
import { checkEditor } from './editor-check.ts';
import { BUILT, CHROMIUM, type StandIn, startStandIn } from './stand-in.ts';
import { dropFile, patient } from './story/story.ts';

describe.skipIf(!existsSync(CHROMIUM))('the shell on a stand-in for Electron', () => {
  let shell: StandIn;
  let outside: Outside;
  let casePath = '';
  const userData = temporaryFolder();

  beforeAll(async () => {
    casePath = await foundCase();
    outside = await openOutside();
    shell = await startStandIn(userData, [casePath]);
    patient(shell.page());
  }, 120_000);

  afterAll(async () => {
    await shell?.close();
    await outside?.close();
  });

  const inPage = <T>(code: string): Promise<T> => shell.page().evaluate(code) as Promise<T>;

  test('the window shows the app over the case that was named, through the bridge', async () => {
    await shell
      .page()
      .getByRole('link', { name: /^Alerts/ })
      .first()
      .waitFor();

    expect(shell.page().url()).toMatch(/^https:\/\/app\.decklog\.test\//);
  });

  test.each(PAGE_CHECKS)('$name', ({ check }) => check(shell.page(), outside));

  test('the editor of rules works within our policy', () => checkEditor(shell.page()));

  test('windows are of one kind: sandboxed, isolated, without Node, spelling and web views', () => {
    expect(shell.main.windows.map(({ options }) => options.webPreferences)).toEqual([
      {
        preload: join(BUILT, 'electron', 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        plugins: false,
        spellcheck: false,
        navigateOnDragDrop: false,
        devTools: false,
      },
    ]);
    expect(shell.main.app.isSandboxed).toBe(true);
    expect(shell.main.app.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(shell.main.app.switches.get('disable-features')).toContain('DnsOverHttps');
    expect(shell.main.session.spellChecker).toBe(false);
  });

  test('the scheme is a standard, secure one, and no more', () => {
    expect(shell.main.privileged).toEqual([
      { scheme: 'decklog', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('nothing is permitted but copying text', () => {
    const asked: unknown[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fullscreen'])
      shell.main.session.permission?.({}, permission, (isGranted: boolean) => asked.push(isGranted));

    expect(asked).toEqual(asked.map(() => false));
    expect(shell.main.session.check?.({}, 'media')).toBe(false);
    expect(shell.main.session.check?.({}, 'clipboard-sanitized-write')).toBe(true);
    expect(shell.main.session.device?.({})).toBe(false);
  });

  test('downloads are stopped', () => {
    let isStopped = false;
    shell.main.session.emit('will-download', {
      preventDefault: () => {
        isStopped = true;
      },
    });
    expect(isStopped).toBe(true);
  });

  test.each([
    'https://evil.example/',
    'decklog://app.evil/',
    'decklog://evil/',
    'file:///etc/passwd',
    'blob:decklog://app/x',
  ])('a request of %s is cancelled', async (url) => {
    expect(await shell.main.session.cancels(url)).toBe(true);
  });

  test('leaving the app is stopped in the main frame and in frames; new windows are denied', async () => {
    const { webContents } = shell.main.windows[0] as (typeof shell.main.windows)[0];
    for (const url of ['https://evil.example/', 'decklog://app.evil/', 'decklog://app@evil/', 'file:///etc/passwd'])
      for (const isMainFrame of [true, false]) expect(webContents.isNavigationStopped(url, isMainFrame)).toBe(true);
    expect(webContents.isNavigationStopped('decklog://app/alerts', true)).toBe(false);
    expect(webContents.deniesWindow('decklog://app/alerts')).toBe(true);
    let isStopped = false;
    webContents.emit('will-attach-webview', {
      preventDefault: () => {
        isStopped = true;
      },
    });
    expect(isStopped).toBe(true);
  });

  test('messages of foreign pages, of frames and without a frame are not heard', async () => {
    const answers = [];
    for (const senderFrame of [
      null,
      { url: 'https://evil.example/', parent: null },
      { url: 'decklog://app.evil/', parent: null },
      { url: 'decklog://evil/', parent: null },
      { url: 'about:blank', parent: null },
      { url: 'decklog://app/report/x', parent: { url: 'decklog://app/' } },
    ]) {
      const handler = shell.main.handlers.get('decklog:facts');
      answers.push(
        await Promise.resolve()
          .then(() => handler?.({ senderFrame }))
          .catch((error: Error) => error.message),
      );
    }
    expect(answers).toEqual(answers.map(() => 'refused'));
  });

  test('a malformed message is refused, and a path in the place of a token too', async () => {
    const event = { senderFrame: { url: 'decklog://app/', parent: null } };
    const ask = (channel: string, raw: unknown) => Promise.resolve(shell.main.handlers.get(channel)?.(event, raw));

    for (const [channel, raw] of [
      ['decklog:save', { token: '../../etc/passwd', name: 'x', mediaType: 'x', sizeBytes: 1 }],
      ['decklog:save', 'x'],
      ['decklog:give-evidence', ''],
      ['decklog:give-evidence', { path: '/etc' }],
      ['decklog:choose-evidence', 'everything'],
      ['decklog:open-recent', '/etc/passwd.decklog'],
      ['decklog:new-case', '/etc/passwd'],
      ['decklog:new-case', ['']],
    ] as const)
      expect(await ask(channel, raw)).toMatchObject({ ok: false });
  });

  test('a file is saved where the person says, under a name that obeys nobody', async () => {
    let proposed = '';
    const path = join(temporaryFolder(), 'saved.csv');
    shell.main.dialog.showSaveDialog = async (_window, options) => {
      proposed = (options as { defaultPath: string }).defaultPath;
      return { canceled: false, filePath: path };
    };
    const result = await inPage<{ ok: boolean }>(`(async () => {
      const ticket = await new Promise((done) => {
        const stop = decklogShell.onTell((tell) => { if (tell.kind === 'answer' && tell.id === 900001) { stop(); done(tell.answer.value); } });
        decklogShell.say({ kind: 'ask', id: 900001, name: 'export/alerts', req: { filter: {}, format: 'csv' } });
      });
      return decklogShell.save({ ...ticket, name: '../..\\u202e/evil.csv' });
    })()`);

    expect(result).toMatchObject({ ok: true, value: { isSaved: true } });
    expect(proposed).not.toMatch(/[/\\\u202e]/);
    expect(readFileSync(path, 'utf8')).toContain('level');
    expect(shell.main.shown).toEqual([]);
  });

  test('a folder of rules is chosen, used by the next engine too, and remembered with the case', async () => {
    const folder = join(temporaryFolder(), 'ours');
    mkdirSync(join(folder, 'lists'), { recursive: true });
    const asked: unknown[] = [];
    shell.main.dialog.showOpenDialog = async (_window, options) => {
      asked.push((options as { properties: string[] }).properties);
      return { canceled: false, filePaths: [folder] };
    };
    const ask = (name: string) =>
      inPage<{ ok: boolean; value: unknown }>(`new Promise((done) => {
        const id = 800000 + Math.floor(performance.now() * 10);
        const stop = decklogShell.onTell((tell) => { if (tell.kind === 'answer' && tell.id === id) { stop(); done(tell.answer); } });
        decklogShell.say({ kind: 'ask', id, name: '${name}', req: {} });
      })`);
    const choose = () => inPage<{ ok: boolean }>('decklogShell.chooseRuleFolder()');

    // What cannot be read as rules is not opened: every list of rules would fail from then on.
    writeFileSync(join(folder, 'lists', 'broken.yml'), 'no list');
    expect(await choose()).toMatchObject({ ok: false, fault: { code: 'rule/invalid' } });
    rmSync(join(folder, 'lists'), { recursive: true });
    expect(await choose()).toEqual({ ok: true, value: folder });
    expect(asked).toEqual([
      ['openDirectory', 'createDirectory'],
      ['openDirectory', 'createDirectory'],
    ]);
    expect(await ask('studio/folders')).toEqual({ ok: true, value: [folder] });
    expect(await choose()).toMatchObject({ ok: false, fault: { message: expect.stringContaining('open already') } });
    shell.main.dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] });
    expect(await choose()).toEqual({ ok: true, value: null });

    shell.main.engines.at(-1)?.kill('SIGKILL');
    for (let told: unknown = null; JSON.stringify(told) !== JSON.stringify([folder]); ) {
      const answer = await ask('studio/folders');
      expect(answer.ok ? answer.value : [folder]).toEqual([folder]);
      if (answer.ok) told = answer.value;
    }
    expect(JSON.parse(readFileSync(join(userData, 'rule-folders.json'), 'utf8'))).toEqual({ [casePath]: [folder] });
  });

  test('an engine that crashes is back without a restart of the app, and nothing is lost', async () => {
    const before = shell.main.engines.length;
    shell.main.engines.at(-1)?.kill('SIGKILL');
    const opened = await inPage<{ ok: boolean }>(`(async () => {
      for (let id = 910000; ; id++) {
        const answer = await new Promise((done) => {
          const stop = decklogShell.onTell((tell) => { if (tell.kind === 'answer' && tell.id === id) { stop(); done(tell.answer); } });
          decklogShell.say({ kind: 'ask', id, name: 'case/open', req: {} });
        });
        if (answer.ok) return answer;
      }
    })()`);

    expect(opened.ok).toBe(true);
    expect(shell.main.engines.length).toBe(before + 1);
  });

  test('the menu names what it does, and nothing of evidence', () => {
    const ids = (items: unknown): string[] =>
      (items as { id?: string; submenu?: unknown }[]).flatMap(({ id, submenu }) => [
        ...(id === undefined ? [] : [id]),
        ...(Array.isArray(submenu) ? ids(submenu) : []),
      ]);
    expect(ids(shell.main.menu)).toEqual(['new-case', 'open-case', 'about', 'licences']);
  });

  test('the window keeps its place; the case stands among the recent ones', () => {
    shell.main.windows[0]?.close();

    expect(JSON.parse(readFileSync(join(userData, 'window.json'), 'utf8'))).toMatchObject({ x: 1, y: 2 });
    expect(JSON.parse(readFileSync(join(userData, 'recent.json'), 'utf8'))).toEqual([casePath]);
  });
});

describe.skipIf(!existsSync(CHROMIUM))('the story, without a case at first', () => {
  test('choose evidence, see findings, dismiss with a reason, restart, still there', async () => {
    const folder = temporaryFolder();
    const userData = join(folder, 'user');
    mkdirSync(userData);
    copyFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), join(folder, 'audit.log'));
    const path = join(folder, 'new.decklog');
    const first = await startStandIn(userData);
    patient(first.page());
    first.main.dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [join(folder, 'audit.log')] });
    first.main.dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });

    await first
      .page()
      .getByRole('button', { name: /New case/ })
      .click();
    await first
      .page()
      .getByRole('link', { name: /^Alerts/ })
      .first()
      .waitFor();
    const ask = (shell: StandIn, name: string, req: unknown) =>
      shell.page().evaluate(
        ([call, request]) =>
          new Promise<Record<string, unknown>>((done) => {
            const bridge = (globalThis as unknown as { decklogShell: import('../../core/contract/shell.ts').ShellApi })
              .decklogShell;
            const id = Math.floor(Math.random() * 1e9) + 1e6;
            const stop = bridge.onTell((tell) => {
              if (tell.kind !== 'answer' || tell.id !== id) return;
              stop();
              done(tell.answer as never);
            });
            bridge.say({ kind: 'ask', id, name: call as never, req: request });
          }),
        [name, req] as const,
      );
    for (;;) {
      const jobs = await ask(first, 'jobs/list', {});
      if ((jobs['value'] as { state: string }[])[0]?.state === 'done') break;
    }
    const decided = await ask(first, 'alerts/decide', { ids: [1], status: 'dismissed', reason: 'a drill' });
    expect(decided).toMatchObject({ ok: true });
    await first.close();
    expect(existsSync(`${path}-wal`)).toBe(false);

    const second = await startStandIn(userData, [path]);
    const counts = await ask(second, 'alerts/counts', { filter: { statuses: ['dismissed'] } });
    await second.close();
    expect(counts).toMatchObject({ ok: true, value: { total: 1 } });
  }, 90_000);

  test('a case that is dropped is opened; what is dropped besides it becomes a case of its own', async () => {
    const asked: unknown[] = [];
    const shell = await startStandIn(temporaryFolder());
    patient(shell.page());
    shell.main.dialog.showSaveDialog = async (_window, options) => {
      asked.push(options);
      return { canceled: true, filePath: '' };
    };
    await shell
      .page()
      .getByRole('button', { name: /New case/ })
      .waitFor();
    await dropFile(shell.page(), 'main', join(SAMPLES, 'k8s-audit-jsonl.log'));
    await expect.poll(() => asked).toEqual([{ defaultPath: `${join(SAMPLES, 'k8s-audit-jsonl.log')}.decklog` }]);
    await dropFile(shell.page(), 'main', await foundCase());
    await shell
      .page()
      .getByRole('link', { name: /^Alerts/ })
      .first()
      .waitFor();
    await shell.close();

    expect(asked).toHaveLength(1);
  });
});
