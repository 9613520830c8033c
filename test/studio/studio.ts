import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallName, Notice, Req, Res } from '../../core/contract/calls.ts';
import type { Answer } from '../../core/contract/fault.ts';
import type { RuleSelection } from '../../core/host/api.ts';
import { Engine } from '../../core/host/engine.ts';
import { openCase } from '../../core/host/open-case.ts';
import type { EngineTell } from '../../core/host/protocol.ts';
import { CONTEXT, caseOf, newCasePath, SHIPPED } from '../host/case.ts';

/** A case behind a real engine, asked by its calls. */
export interface Studio {
  readonly path: string;
  /** Where files lie that calls make ready. */
  readonly outFolder: string;
  call<K extends CallName>(name: K, req: Req<K>): Promise<Res<K>>;
  /** The answer, also where it is a fault; `cancelAfterMs` takes the question back. */
  ask<K extends CallName>(name: K, req: Req<K>, cancelAfterMs?: number): Promise<Answer<Res<K>>>;
  close(): Promise<void>;
}

/** A case with evidence in it and a run of the shipped rules. */
export async function studioOf(paths: readonly string[]): Promise<Studio> {
  const path = newCasePath();
  const session = await caseOf(paths, {}, path);
  await session.detect(SHIPPED, CONTEXT);
  session.close();
  return openStudio(path);
}

export function openStudio(path: string, role: 'admin' | 'reader' = 'admin', rules: RuleSelection = SHIPPED): Studio {
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  const outFolder = mkdtempSync(join(tmpdir(), 'decklog-out-'));
  const hear = (tell: EngineTell | { kind: 'notice'; notice: Notice }) => {
    if (tell.kind === 'answer') waiting.get(tell.id)?.(tell.answer);
  };
  const engine = new Engine({ path, role, examiner: 'tester', rules, outFolder }, hear);
  let last = 0;
  const ask = <K extends CallName>(name: K, req: Req<K>, cancelAfterMs?: number): Promise<Answer<Res<K>>> => {
    const id = ++last;
    return new Promise((resolve) => {
      waiting.set(id, (answer) => resolve(answer as Answer<Res<K>>));
      engine.hear({ kind: 'ask', id, name, req, role });
      if (cancelAfterMs !== undefined) setTimeout(() => engine.hear({ kind: 'cancel', id }), cancelAfterMs);
    });
  };
  return {
    path,
    outFolder,
    ask,
    call: async (name, req) => {
      const answer = await ask(name, req);
      if (answer.ok) return answer.value;
      throw new Error(`${answer.fault.code}: ${answer.fault.message}`);
    },
    close: () => engine.close(),
  };
}

/** Runs the rules to the end. */
export async function run(studio: Studio): Promise<void> {
  const { job } = await studio.call('detect/start', {});
  for (;;) {
    const state = (await studio.call('jobs/list', {})).find(({ id }) => id === job)?.state;
    if (state === 'done') return;
    if (state === 'failed' || state === 'cancelled') throw new Error(`the run ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Levels of the alerts of a rule. */
export function levelsOf(path: string, rule: string): string[] {
  const session = openCase(path, { mode: 'read', examiner: 'tester' });
  const levels = session.alerts({ rule }).map(({ level }) => level);
  session.close();
  return [...new Set(levels)];
}

export async function verified(path: string): Promise<boolean> {
  const session = openCase(path, { mode: 'read', examiner: 'tester' });
  const { ok } = await session.verify({ evidence: [] }, CONTEXT);
  session.close();
  return ok;
}
