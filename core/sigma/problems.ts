import { LineCounter } from 'yaml';
import type { Problem } from '../contract/fault.ts';
import { SIGMA_LIMITS } from './limits.ts';

export interface ProblemDetail {
  readonly code: string;
  readonly at: number;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** Collects all problems of one text, so that an editor can show every one of them. */
export class ProblemReporter {
  readonly path: string;
  readonly lines = new LineCounter();
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();
  #errors = 0;

  constructor(path: string) {
    this.path = path;
  }

  get problems(): readonly Problem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  /** How many errors have been reported: a reader compares before and after to know whether its part is sound. */
  get errors(): number {
    return this.#errors;
  }

  error(detail: ProblemDetail): void {
    this.#errors++;
    this.#add('error', detail);
  }

  warning(detail: ProblemDetail): void {
    this.#add('warning', detail);
  }

  /** Line and column of an offset, both counted from 1. */
  place(at: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(at);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #add(severity: Problem['severity'], { code, at, message, suggestion }: ProblemDetail): void {
    const identity = `${severity} ${code} ${at} ${message}`;
    if (this.#seen.has(identity) || this.#problems.length >= SIGMA_LIMITS.problems) return;
    this.#seen.add(identity);
    const { line, column } = this.place(at);
    this.#problems.push({ path: this.path, severity, code, message, line, column, ...(suggestion && { suggestion }) });
  }
}
