import type { Command } from 'commander';
import { CaseError } from '../fault.ts';
import type { CallContext, OpenOptions, Session } from '../host/api.ts';
import { jsonPieces, visible } from '../text.ts';
import type { Cancellation } from './cancel.ts';
import { caseExists, isWritable, removeCase } from './case-file.ts';
import type { Output } from './output.ts';
import type { Paint } from './paint.ts';
import { examinerName, type SharedOptions } from './shared-options.ts';
import { quoted } from './words.ts';

/** The surroundings of one run of the command line. */
export interface Surroundings {
  readonly out: Output;
  readonly paint: Paint;
  /** Columns of the terminal; null where the output goes elsewhere. */
  readonly width: number | null;
  /** How a person starts us: `decklog`, or the npm script. */
  readonly program: string;
  readonly cancellation: Cancellation;
  readonly env: NodeJS.ProcessEnv;
  /** What a fault may point into. */
  readonly asked: { query?: string };
  progressFor(isQuiet: boolean): CallContext['progress'];
}

/** One command with its arguments, and what it needs to do its work. */
export class Call {
  readonly args: readonly string[];
  readonly out: Output;
  readonly paint: Paint;
  readonly width: number | null;
  readonly isJson: boolean;
  readonly context: CallContext;
  readonly #command: Command;
  readonly #surroundings: Surroundings;

  constructor(command: Command, surroundings: Surroundings) {
    const { json, quiet } = command.opts<SharedOptions>();
    this.args = command.args;
    this.out = surroundings.out;
    this.paint = surroundings.paint;
    this.width = surroundings.width;
    this.isJson = json === true;
    this.context = {
      signal: surroundings.cancellation.signal,
      progress: surroundings.progressFor(quiet === true),
    };
    this.#command = command;
    this.#surroundings = surroundings;
  }

  /** Options as the command's `define` has declared them. */
  options<Options extends object>(): Options & SharedOptions {
    return this.#command.opts<Options & SharedOptions>();
  }

  /** A command to type next. */
  next(...words: readonly string[]): string {
    return [this.#surroundings.program, ...words.map(quoted)].join(' ');
  }

  /** Notes the query, so that a fault can point into it. */
  noteQuery(query: string): void {
    this.#surroundings.asked.query = query;
  }

  /** Prints one JSON document. */
  async json(value: unknown): Promise<void> {
    for (const piece of jsonPieces(value)) await this.out.machine(piece);
    await this.out.machine('\n');
  }

  /** Who signs actions. */
  get examiner(): string {
    return this.options().examiner ?? examinerName(this.#surroundings.env);
  }

  get env(): NodeJS.ProcessEnv {
    return this.#surroundings.env;
  }

  /** What must happen even if the process is ended hard. The answer takes it back. */
  onHardEnd(cleanup: () => void): () => void {
    return this.#surroundings.cancellation.onHardEnd(cleanup);
  }

  /** A line for people beside the output. */
  note(line: string): void {
    if (this.options().quiet !== true) process.stderr.write(`${visible(line)}\n`);
  }

  /** Works on a case that exists, and closes it. */
  async withCase<T>(path: string, mode: 'read' | 'write', work: (session: Session) => Promise<T> | T): Promise<T> {
    const session = await this.#open(path, mode);
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  /** Hands something out of a case: recorded in it, unless a reader asks or the file cannot be changed. */
  async withCaseToOutput<T>(path: string, work: (session: Session) => Promise<T>): Promise<T> {
    if (this.options().role === 'reader') return this.withCase(path, 'read', work);
    return this.withCase(path, isWritable(path) ? 'write' : 'read', work);
  }

  /** Works on a case that is made for it: should the work fail, no case stays behind. */
  async withNewCase<T>(path: string, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#open(path, 'create');
    const forget = this.#surroundings.cancellation.onHardEnd(() => removeCase(path));
    try {
      const result = await work(session);
      session.close();
      return result;
    } catch (error) {
      session.close();
      removeCase(path);
      throw error;
    } finally {
      forget();
    }
  }

  /** Adds to a case, or to a new one where there is none. */
  async withCaseToFill<T>(path: string, work: (session: Session) => Promise<T>): Promise<T> {
    return caseExists(path) ? this.withCase(path, 'write', work) : this.withNewCase(path, work);
  }

  async #open(path: string, mode: OpenOptions['mode']): Promise<Session> {
    const { role } = this.options();
    if (role === 'reader' && mode !== 'read') throw readerFault(path);
    const { openCase } = await import('../host/open-case.ts');
    return openCase(path, { mode, examiner: this.examiner });
  }
}

function readerFault(path: string): CaseError {
  const hint = 'Leave out --role reader to work on the case.';
  return new CaseError('case/read-only', 'This would change the case, and a reader only reads.', {
    at: { path },
    hint,
  });
}
