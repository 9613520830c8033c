import type { Ask, DoorFacts, EvidenceToken, PageFile, Tell } from './calls.ts';
import type { Answer } from './fault.ts';
import type { FileTicket } from './scope.ts';

/** What the shell's preload exposes to the page, as `window.decklogShell`: named functions, and nothing else. */
export interface ShellApi {
  facts(): Promise<DoorFacts>;
  say(ask: Ask): void;
  /** The answer stops listening. */
  onTell(hear: (tell: Tell) => void): () => void;
  /** A file that was dropped on the page, by the place where it lies. */
  giveEvidence(file: PageFile): Promise<Answer<EvidenceToken>>;
  chooseEvidence(kind: 'files' | 'folder'): Promise<Answer<readonly EvidenceToken[]>>;
  /** Its path; null: nothing chosen. */
  chooseRuleFolder(): Promise<Answer<string | null>>;
  save(file: FileTicket): Promise<Answer<{ readonly isSaved: boolean }>>;
  reveal(file: FileTicket): Promise<Answer<null>>;
}

/** A case on the start page; it is opened by its place in the list. */
export interface RecentCase {
  readonly name: string;
  readonly folder: string;
}

/** What the start page can do, as `window.decklogStart`. */
export interface StartApi {
  recent(): Promise<readonly RecentCase[]>;
  openRecent(index: number): Promise<Answer<null>>;
  openCase(): Promise<Answer<null>>;
  /** Of files that were dropped, which may be a case; of none: they are chosen. */
  newCase(...files: readonly PageFile[]): Promise<Answer<null>>;
}
