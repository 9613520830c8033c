import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { CallName, Notice, Req, Res, Tell } from '../../core/contract/calls.ts';
import type { Role } from '../../core/contract/case-calls.ts';
import type { Answer } from '../../core/contract/fault.ts';
import type { Progress } from '../../core/contract/rows.ts';
import { type Client, Door } from '../../core/door/door.ts';
import type { EngineLink } from '../../core/door/engine-link.ts';
import { EvidenceTokens } from '../../core/door/evidence-tokens.ts';
import { forkEngine } from '../../core/serve/engine-process.ts';
import { CONTEXT, caseOf, SAMPLES, SHIPPED, temporaryFolder } from '../host/case.ts';

export const LOG = join(SAMPLES, 'k8s-audit-jsonl.log');

const doors: Door[] = [];
afterAll(async () => {
  for (const door of doors) await door.close();
});

let made: Promise<string> | undefined;

async function makeCase(): Promise<string> {
  const path = join(temporaryFolder(), 'made.decklog');
  const session = await caseOf([join(import.meta.dirname, '../../sample/northwind')], { rules: SHIPPED }, path);
  session.close();
  return path;
}

/** A copy of a case with findings. */
export async function foundCase(): Promise<string> {
  made ??= makeCase();
  const path = join(temporaryFolder(), 'case.decklog');
  copyFileSync(await made, path);
  return path;
}

/** A door over a case, with its engine in a process of its own. */
export async function openDoor(path: string, options: { role?: Role; roots?: readonly string[] } = {}) {
  const outFolder = join(temporaryFolder(), 'out');
  mkdirSync(outFolder);
  const links: EngineLink[] = [];
  const start = () => {
    const link = forkEngine();
    links.push(link);
    return link;
  };
  const { role = 'admin', roots = [] } = options;
  const facts = {
    canChooseEvidence: false,
    canChooseRuleFolder: false,
    takesDroppedFiles: false,
    canUpload: true,
    canReveal: false,
    version: '0',
  };
  const engine = { path, role, examiner: 'tester', rules: SHIPPED, outFolder };
  const door = new Door({ start, engine, evidence: new EvidenceTokens(roots), facts });
  doors.push(door);
  await door.open();
  return { door, links, outFolder };
}

/** A page as the contract sees one: calls with answers, progress and notices. */
export class TestPage {
  readonly notices: Notice[] = [];
  readonly answers = new Map<number, number>();
  readonly progress: Progress[] = [];
  readonly #client: Client;
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>();
  #nextId = 1;

  constructor(door: Door, role: Role = 'admin') {
    this.#client = door.connect(role, (tell) => this.#hear(tell));
  }

  hear(raw: unknown): boolean {
    return this.#client.hear(raw);
  }

  close(): void {
    this.#client.close();
  }

  ask<K extends CallName>(name: K, req: Req<K>): { id: number; answer: Promise<Answer<Res<K>>> } {
    const id = this.#nextId++;
    const answer = new Promise<Answer<unknown>>((resolve) => this.#waiting.set(id, resolve));
    this.#client.hear({ kind: 'ask', id, name, req });
    return { id, answer: answer as Promise<Answer<Res<K>>> };
  }

  cancel(id: number): void {
    this.#client.hear({ kind: 'cancel', id });
  }

  async call<K extends CallName>(name: K, req: Req<K>): Promise<Res<K>> {
    const answer = await this.ask(name, req).answer;
    if (answer.ok) return answer.value;
    throw new Error(`${answer.fault.code}: ${answer.fault.message}`);
  }

  async fault<K extends CallName>(name: K, req: Req<K>): Promise<string> {
    const answer = await this.ask(name, req).answer;
    return answer.ok ? 'no fault' : answer.fault.code;
  }

  /** Waits for a notice of that kind. */
  async notice(test: (notice: Notice) => boolean): Promise<Notice> {
    for (;;) {
      const found = this.notices.find(test);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #hear(tell: Tell): void {
    if (tell.kind === 'notice') this.notices.push(tell.notice);
    else if (tell.kind === 'progress') this.progress.push(tell.progress);
    else {
      this.answers.set(tell.id, (this.answers.get(tell.id) ?? 0) + 1);
      this.#waiting.get(tell.id)?.(tell.answer);
    }
  }
}

export { CONTEXT };
