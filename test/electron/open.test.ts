import { join } from 'node:path';
import type { BrowserWindow, IpcMain } from 'electron';
import { expect, test } from 'vitest';
import type { EngineLink } from '../../core/door/engine-link.ts';
import type { EngineTell } from '../../core/host/protocol.ts';
import { DesktopShell, type ShellParts } from '../../electron/shell.ts';
import { readRecent, readRuleFolders, StateFile } from '../../electron/state-file.ts';
import { temporaryFolder } from '../host/case.ts';

/** An engine that says what it is told to say and nothing else, so that the order of things is the test's. */
class SilentEngine implements EngineLink {
  #hear: (tell: EngineTell) => void = () => {};
  #ended: (how: string) => void = () => {};
  /** The numbers of what it was asked. */
  readonly asked: number[] = [];
  send({ kind, ...rest }: { readonly kind: string; readonly id?: number }): void {
    if (kind === 'ask' && rest.id !== undefined) this.asked.push(rest.id);
    if (kind === 'close') this.kill();
  }
  onTell(hear: (tell: EngineTell) => void): void {
    this.#hear = hear;
  }
  onEnd(hear: (how: string) => void): void {
    this.#ended = hear;
  }
  kill(): void {
    this.#ended('code 0');
  }
  says(tell: unknown): void {
    this.#hear(tell as EngineTell);
  }
}

function shellOf() {
  const engines: SilentEngine[] = [];
  /** Whether a case was open when a page was loaded. */
  const loaded: boolean[] = [];
  const told: unknown[] = [];
  const recent = new StateFile(join(temporaryFolder(), 'recent.json'), readRecent);
  const ruleFolders = new StateFile(join(temporaryFolder(), 'rule-folders.json'), readRuleFolders);
  const window = {
    loadURL: async () => void loaded.push(shell.openCase !== null),
    isDestroyed: () => false,
    webContents: { send: (_channel: string, tell: unknown) => void told.push(tell) },
  } as unknown as BrowserWindow;
  const shell: DesktopShell = new DesktopShell({
    ...({ dialog: {}, fileManager: {} } as Pick<ShellParts, 'dialog' | 'fileManager'>),
    ...{ recent, ruleFolders, version: '1', role: 'admin' as const, window: () => window },
    start: () => {
      const engine = new SilentEngine();
      engines.push(engine);
      return engine;
    },
  });
  return { shell, engines, loaded, recent, told };
}

const REFUSED = { kind: 'not-opened', fault: { code: 'case/missing', message: 'There is no case.' } };

test('the page of the first case is loaded while the engine still opens it', async () => {
  const { shell, engines, loaded, recent } = shellOf();
  const opening = shell.open('/cases/a.decklog');

  expect([loaded, recent.load()]).toEqual([[true], []]);
  engines[0]?.says({ kind: 'opened', case: {} });
  await opening;
  expect([loaded, recent.load()]).toEqual([[true], ['/cases/a.decklog']]);
  await shell.close();
});

test('where the first case cannot be opened the page of no case comes back', async () => {
  const { shell, engines, loaded, recent } = shellOf();
  const opening = shell.open('/cases/none.decklog');
  engines[0]?.says(REFUSED);

  await expect(opening).rejects.toThrow('There is no case.');
  expect([loaded, recent.load(), shell.openCase]).toEqual([[true, false], [], null]);
});

test('a case stays in the window until the next one is open, and if that fails', async () => {
  const { shell, engines, loaded } = shellOf();
  const first = shell.open('/cases/a.decklog');
  engines[0]?.says({ kind: 'opened', case: {} });
  await first;
  const next = shell.open('/cases/none.decklog');

  expect([loaded.length, shell.openCase?.path]).toEqual([1, '/cases/a.decklog']);
  engines[1]?.says(REFUSED);
  await expect(next).rejects.toThrow('There is no case.');
  expect([loaded.length, shell.openCase?.path]).toEqual([1, '/cases/a.decklog']);
  await shell.close();
});

test('what a page that has ended asked for is answered to nobody, and the next page may use its numbers', async () => {
  const { shell, engines, told } = shellOf();
  let say: (ask: unknown) => void = () => {};
  shell.listen({
    handle: () => {},
    on: (_channel: string, hear: (event: unknown, ask: unknown) => void) => {
      say = (ask) => hear({ senderFrame: { url: 'decklog://app/', parent: null } }, ask);
    },
  } as unknown as IpcMain);
  const opening = shell.open('/cases/a.decklog');
  engines[0]?.says({ kind: 'opened', case: {} });
  await opening;
  const asked = () => engines[0]?.asked ?? [];
  const ask = { kind: 'ask', id: 7, name: 'alerts/counts', req: { filter: {} } };

  say(ask);
  await expect.poll(asked).toHaveLength(1);
  shell.pageGone();
  say(ask);
  await expect.poll(asked).toHaveLength(2);
  const [before, after] = asked();
  engines[0]?.says({ kind: 'answer', id: before, answer: { ok: true, value: 'before' } });
  engines[0]?.says({ kind: 'answer', id: after, answer: { ok: true, value: 'after' } });

  expect(told).toEqual([{ kind: 'answer', id: 7, answer: { ok: true, value: 'after' } }]);
  await shell.close();
});
