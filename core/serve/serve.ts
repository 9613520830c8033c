import { readFileSync } from 'node:fs';
import type { OpenedCase, Role } from '../contract/case-calls.ts';
import { Door } from '../door/door.ts';
import { EvidenceTokens } from '../door/evidence-tokens.ts';
import { privateFolder } from '../door/private-folder.ts';
import type { RuleSelection } from '../host/api.ts';
import { forkEngine } from './engine-process.ts';
import { Keys } from './keys.ts';
import { pageBundle } from './page-bundle.ts';
import { LoopbackServer } from './server.ts';

export interface ServeOptions {
  readonly role: Role;
  readonly examiner: string;
  readonly rules: RuleSelection;
  /** Folders that an admin may look through for evidence. */
  readonly evidenceRoots: readonly string[];
  /** 0: any free one. */
  readonly port: number;
  /** Hears a line if the page must be built first. */
  readonly tell: (line: string) => void;
}

/** An app that is being served. Whoever started it closes it. */
export interface Served {
  /** The link of the role asked for, key included. */
  readonly url: string;
  /** A reader's link, beside an admin's. */
  readonly readerUrl: string | null;
  readonly case: OpenedCase;
  /** Private to this account, gone after `close`. */
  readonly folder: string;
  close(): Promise<void>;
  /** Removes what must not stay, where there is no time to close. */
  abandon(): void;
}

/** Serves a case on a loopback address. Raises what opening the case raises. */
export async function serveCase(path: string, options: ServeOptions): Promise<Served> {
  const bundle = await pageBundle(options.tell);
  const folder = privateFolder();
  const { role, examiner, rules } = options;
  const door = new Door({
    start: forkEngine,
    engine: { path, role, examiner, rules, outFolder: folder.out },
    evidence: new EvidenceTokens(options.evidenceRoots),
    facts: {
      canChooseEvidence: false,
      takesDroppedFiles: false,
      canUpload: role === 'admin',
      canChooseRuleFolder: false,
      canReveal: false,
      version: ownVersion(),
    },
  });
  try {
    const opened = await door.open();
    const keys = new Keys(role);
    const server = new LoopbackServer({ door, keys, folder, bundle, port: options.port });
    const origin = await server.listen();
    const link = (of: Role) => `${origin}/#${keys.texts[of]}`;
    return {
      url: link(role),
      readerUrl: role === 'admin' ? link('reader') : null,
      case: opened,
      folder: folder.path,
      close: async () => {
        await server.close();
        await door.close();
        folder.remove();
      },
      abandon: () => folder.remove(),
    };
  } catch (error) {
    await door.close();
    folder.remove();
    throw error;
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
