import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { CallName, Tell } from '../core/contract/calls.ts';
import type { Role } from '../core/contract/case-calls.ts';
import type { Answer } from '../core/contract/fault.ts';
import { type Client, Door } from '../core/door/door.ts';
import type { StartEngine } from '../core/door/engine-link.ts';
import { EvidenceTokens } from '../core/door/evidence-tokens.ts';
import { type PrivateFolder, privateFolder } from '../core/door/private-folder.ts';
import type { RuleSelection } from '../core/host/api.ts';

/** One case behind the window. Whoever opens it closes it. */
export class OpenCase {
  readonly path: string;
  readonly door: Door;
  readonly folder: PrivateFolder;
  /** Where files that were handed out have been saved, by their tickets' tokens. */
  readonly saved = new Map<string, string>();
  readonly #opening: Promise<unknown>;
  readonly #connect: () => Client;
  #client: Client;

  /** Starts an engine over a case, or over a new one. What is asked before it is open waits for it. */
  constructor(
    path: string,
    options: {
      start: StartEngine;
      role: Role;
      isNew: boolean;
      version: string;
      ruleFolders: readonly string[];
      tell: (tell: Tell) => void;
      /** Hears which folders of rules are open from then on. */
      onRuleFolders: (folders: readonly string[]) => void;
    },
  ) {
    const { start, role, isNew, version, ruleFolders, tell, onRuleFolders } = options;
    this.path = path;
    this.folder = privateFolder();
    const engine = {
      ...{ path, role, examiner: examiner(), outFolder: this.folder.out },
      rules: { shipped: true, paths: ruleFolders },
      ...(isNew && { isNew }),
    };
    const facts = {
      ...{ canChooseEvidence: true, canChooseRuleFolder: true, takesDroppedFiles: true },
      ...{ canUpload: false, canReveal: true, version },
    };
    const onRules = ({ paths }: RuleSelection) => onRuleFolders(paths);
    this.door = new Door({ start, engine, evidence: new EvidenceTokens(), facts, onRules });
    this.#connect = () => this.door.connect(role, tell);
    this.#client = this.#connect();
    this.#opening = this.door.open();
    this.#opening.catch(() => {});
  }

  /** What the page says. */
  hear(raw: unknown): void {
    this.#client.hear(raw);
  }

  /** Another page stands in the window: what the one before asked for is cancelled, and answered to nobody. */
  forPageAnew(): void {
    this.#client.close();
    this.#client = this.#connect();
  }

  /** Settles when the case is open. Raises what opening raises; then it is closed. */
  async ready(): Promise<void> {
    try {
      await this.#opening;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Begins to import, as if the page had asked for it. */
  import(paths: readonly string[]): void {
    const sources = paths.map((path) => ({ token: this.door.evidence.give(path, path, null).token }));
    void this.#ask('admin', 'import/start', { sources, detect: true });
  }

  /** Rules are read and saved there from now on, if the role may change something. */
  useRuleFolder(role: Role, path: string): Promise<Answer<unknown>> {
    return this.#ask(role, 'studio/use-folder', { token: this.door.evidence.giveRuleFolder(path) });
  }

  #ask(role: Role, name: CallName, req: unknown): Promise<Answer<unknown>> {
    return new Promise((resolve) => {
      const helper = this.door.connect(role, (tell) => {
        if (tell.kind !== 'answer') return;
        helper.close();
        resolve(tell.answer);
      });
      helper.hear({ kind: 'ask', id: randomBytes(4).readUInt32LE(), name, req });
    });
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.door.close();
    this.folder.remove();
  }
}

function examiner(): string {
  if (process.env['DECKLOG_EXAMINER']) return process.env['DECKLOG_EXAMINER'];
  try {
    return userInfo().username;
  } catch {
    return 'unknown account';
  }
}
