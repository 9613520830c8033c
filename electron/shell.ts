import { statSync } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { BrowserWindow, Dialog, IpcMain, IpcMainEvent, Shell } from 'electron';
import * as v from 'valibot';
import type { EvidenceToken, Tell } from '../core/contract/calls.ts';
import type { Role } from '../core/contract/case-calls.ts';
import type { Answer } from '../core/contract/fault.ts';
import type { StartEngine } from '../core/door/engine-link.ts';
import { CaseError, faultOf } from '../core/fault.ts';
import { CHANNELS } from './channels.ts';
import { OpenCase } from './open-case.ts';
import { isTrustedSender, ORIGIN } from './origin.ts';
import { isRemote } from './paths.ts';
import { REQUESTS, safeName } from './requests.ts';
import { type RuleFolders, readRecent, type StateFile, withRecent, withRuleFolders } from './state-file.ts';

export interface ShellParts {
  readonly dialog: Dialog;
  readonly fileManager: Pick<Shell, 'showItemInFolder'>;
  readonly recent: StateFile<readonly string[]>;
  readonly ruleFolders: StateFile<RuleFolders>;
  readonly start: StartEngine;
  readonly version: string;
  readonly role: Role;
  readonly window: () => BrowserWindow | null;
}

type Handle = (raw: unknown) => Promise<unknown> | unknown;

/** What the window does besides showing pages: one case at a time, dialogs, files that are handed out. */
export class DesktopShell {
  readonly #parts: ShellParts;
  #case: OpenCase | null = null;

  constructor(parts: ShellParts) {
    this.#parts = parts;
  }

  get openCase(): OpenCase | null {
    return this.#case;
  }

  /** Listens to pages of ours, and to nobody else. */
  listen(ipc: IpcMain): void {
    const handlers: Readonly<Record<string, Handle>> = {
      [CHANNELS.facts]: () => this.#known().door.factsFor(this.#parts.role),
      [CHANNELS.giveEvidence]: (raw) => answer(() => this.#give(v.parse(REQUESTS.path, raw))),
      [CHANNELS.chooseEvidence]: (raw) => answer(() => this.#choose(v.parse(REQUESTS.kind, raw))),
      [CHANNELS.chooseRuleFolder]: () => this.#chooseRuleFolder().catch(faulty),
      [CHANNELS.save]: (raw) => answer(() => this.#save(v.parse(REQUESTS.ticket, raw))),
      [CHANNELS.reveal]: (raw) => answer(() => this.#reveal(v.parse(REQUESTS.ticket, raw).token)),
      [CHANNELS.recent]: () => this.#recent().map((path) => ({ name: basename(path), folder: dirname(path) })),
      [CHANNELS.openRecent]: (raw) => answer(() => this.#openRecent(v.parse(REQUESTS.index, raw))),
      [CHANNELS.openCase]: () => answer(() => this.chooseCase()),
      [CHANNELS.newCase]: (raw) => answer(() => this.newCase(v.parse(REQUESTS.paths, raw))),
    };
    for (const [channel, handle] of Object.entries(handlers)) {
      ipc.handle(channel, (event, raw: unknown) => {
        if (!isTrustedSender(event.senderFrame)) throw new Error('refused');
        return handle(raw);
      });
    }
    ipc.on(CHANNELS.say, (event, raw: unknown) => this.#hear(event, raw));
  }

  /** Opens a case in the window, in the place of the one before. Raises what opening raises. */
  async open(path: string, evidence: readonly string[] = []): Promise<void> {
    if (isRemote(path))
      throw new CaseError('case/missing', 'A case on another machine is not opened.', { hint: 'Copy it here.' });
    const { start, role, version, recent, ruleFolders } = this.#parts;
    const isNew = evidence.length > 0;
    const opened = new OpenCase(path, {
      ...{ start, role, version, isNew, tell: (tell) => this.#tell(tell) },
      ruleFolders: this.#ruleFoldersOf(path),
      onRuleFolders: (folders) => ruleFolders.save(withRuleFolders(ruleFolders.load(), path, folders)),
    });
    const before = this.#case;
    if (before === null) await this.#showFirst(opened);
    else {
      await opened.ready();
      await before.close();
      this.#case = opened;
      await this.#load();
    }
    recent.save(withRecent(this.#recent(), path));
    if (isNew) opened.import(evidence);
  }

  /** Nothing is lost by showing the page while the engine still opens the case: what the page asks for waits. */
  async #showFirst(opened: OpenCase): Promise<void> {
    this.#case = opened;
    const page = this.#load();
    try {
      await opened.ready();
    } catch (error) {
      this.#case = null;
      await page.catch(() => {});
      await this.#load();
      throw error;
    }
    await page;
  }

  async #load(): Promise<void> {
    await this.#parts.window()?.loadURL(`${ORIGIN}/`);
  }

  /** Lets the person choose a case. */
  async chooseCase(): Promise<null> {
    const filters = [{ name: 'Decklog cases', extensions: ['decklog'] }];
    const { canceled, filePaths } = await this.#dialog('showOpenDialog', { properties: ['openFile'], filters });
    if (!canceled && filePaths[0] !== undefined) await this.open(filePaths[0]);
    return null;
  }

  /** Lets the person choose a place for the case of some evidence, and the evidence, if none is named. A case that is named is opened. */
  async newCase(named: readonly string[] = []): Promise<null> {
    for (const path of named) localOnly(path);
    const evidence = named.length > 0 ? named : await this.#chosenFiles();
    const [first] = evidence;
    if (first === undefined) return null;
    if (evidence.length === 1 && /\.decklog$/i.test(first)) {
      await this.open(first);
      return null;
    }
    const defaultPath = `${first}.decklog`;
    const window = this.#parts.window();
    const { canceled, filePath } = await (window === null
      ? this.#parts.dialog.showSaveDialog({ defaultPath })
      : this.#parts.dialog.showSaveDialog(window, { defaultPath }));
    if (!canceled && filePath) await this.open(filePath, evidence);
    return null;
  }

  async #chosenFiles(): Promise<readonly string[]> {
    const chosen = await this.#dialog('showOpenDialog', { properties: ['openFile', 'multiSelections'] });
    return chosen.canceled ? [] : chosen.filePaths;
  }

  /** The page has ended: the next one asks anew. */
  pageGone(): void {
    this.#case?.forPageAnew();
  }

  async close(): Promise<void> {
    const open = this.#case;
    this.#case = null;
    await open?.close();
  }

  #hear(event: IpcMainEvent, raw: unknown): void {
    if (!isTrustedSender(event.senderFrame)) return;
    this.#case?.hear(raw);
  }

  #tell(tell: Tell): void {
    const window = this.#parts.window();
    if (window !== null && !window.isDestroyed()) window.webContents.send(CHANNELS.tell, tell);
  }

  #known(): OpenCase {
    if (this.#case !== null) return this.#case;
    throw new CaseError('case/missing', 'No case is open.', { hint: 'Open one from the menu.' });
  }

  #recent(): readonly string[] {
    return readRecent(this.#parts.recent.load());
  }

  async #openRecent(index: number): Promise<null> {
    const path = this.#recent()[index];
    if (path === undefined) throw new CaseError('case/missing', 'This case is not in the list any more.');
    await this.open(path);
    return null;
  }

  #dialog(kind: 'showOpenDialog', options: Electron.OpenDialogOptions): Promise<Electron.OpenDialogReturnValue> {
    const window = this.#parts.window();
    return window === null ? this.#parts.dialog[kind](options) : this.#parts.dialog[kind](window, options);
  }

  async #give(path: string): Promise<EvidenceToken> {
    localOnly(path);
    const status = await stat(path);
    return this.#known().door.evidence.give(path, path, status.isDirectory() ? null : status.size);
  }

  async #choose(kind: 'files' | 'folder'): Promise<readonly EvidenceToken[]> {
    const properties: Electron.OpenDialogOptions['properties'] =
      kind === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'];
    const { canceled, filePaths } = await this.#dialog('showOpenDialog', { properties });
    return canceled ? [] : Promise.all(filePaths.map((path) => this.#give(path)));
  }

  /** Those that were open with the case before and are still there. */
  #ruleFoldersOf(path: string): readonly string[] {
    const folders = this.#parts.ruleFolders.load();
    const own = Object.hasOwn(folders, path) ? (folders[path] ?? []) : [];
    return own.filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true);
  }

  async #chooseRuleFolder(): Promise<Answer<string | null>> {
    const properties: Electron.OpenDialogOptions['properties'] = ['openDirectory', 'createDirectory'];
    const { canceled, filePaths } = await this.#dialog('showOpenDialog', { properties });
    const [path] = filePaths;
    if (canceled || path === undefined) return { ok: true, value: null };
    if (isRemote(path)) {
      const hint = 'Choose a folder of this machine.';
      throw new CaseError('rule/unreadable', 'Rules on another machine are not read.', { hint });
    }
    const used = await this.#known().useRuleFolder(this.#parts.role, path);
    return used.ok ? { ok: true, value: path } : used;
  }

  async #save({ token, name }: v.InferOutput<typeof REQUESTS.ticket>): Promise<{ isSaved: boolean }> {
    const open = this.#known();
    const window = this.#parts.window();
    const options = { defaultPath: safeName(name) };
    const { canceled, filePath } = await (window === null
      ? this.#parts.dialog.showSaveDialog(options)
      : this.#parts.dialog.showSaveDialog(window, options));
    if (canceled || !filePath) return { isSaved: false };
    await copyFile(join(open.folder.out, token), filePath);
    open.saved.set(token, filePath);
    return { isSaved: true };
  }

  /** Only a file that was saved here, where the person chose. */
  #reveal(token: string): null {
    const path = this.#known().saved.get(token);
    if (path !== undefined) this.#parts.fileManager.showItemInFolder(path);
    return null;
  }
}

function localOnly(evidence: string): void {
  if (isRemote(evidence))
    throw new CaseError('import/unreadable', 'Evidence on another machine is not read.', { hint: 'Copy it here.' });
}

const faulty = (error: unknown) => ({ ok: false, fault: faultOf(error) }) as const;

async function answer<T>(work: () => Promise<T> | T): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return faulty(error);
  }
}
