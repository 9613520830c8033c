import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CaseResult, parseCase, runCase } from '../../core/detect/try-rule.ts';
import { parseJson } from '../../core/json.ts';

interface Refusal {
  readonly code: string;
  readonly line: number;
  readonly also?: readonly string[];
}

interface ExpectedAlert {
  readonly events: readonly number[];
  readonly group: Readonly<Record<string, string>>;
}

interface Expected {
  readonly refuse?: Refusal;
  readonly alerts?: readonly ExpectedAlert[];
  readonly detections?: readonly unknown[];
}

const FILE = new URL('../fixtures/sigma/cases.jsonl', import.meta.url);
const lines = readFileSync(FILE, 'utf8').split('\n').filter(Boolean);
const cases = lines.map((line, index) => {
  const raw = parseJson(line) as { area: string; title: string; expect: boolean[] | Expected };
  return { ...raw, one: parseCase(line, index + 1) };
});
/** A copy of SigmaHQ's repository, for the cases about its files. */
const COLLECTION = process.env['SIGMAHQ'];
let skipped = 0;

/** Alerts of one group that share an event are one, as the suite's README says. */
function merge(alerts: readonly ExpectedAlert[]): string[] {
  const merged: { key: string; events: Set<number> }[] = [];
  for (const { group, events } of alerts) {
    const key = JSON.stringify(Object.entries(group).sort());
    const all = new Set(events);
    for (;;) {
      const index = merged.findIndex((other) => other.key === key && !other.events.isDisjointFrom(all));
      if (index < 0) break;
      for (const event of merged.splice(index, 1)[0]?.events ?? []) all.add(event);
    }
    merged.push({ key, events: all });
  }
  return merged.map(({ key, events }) => `${key} ${[...events].sort((a, b) => a - b).join()}`).sort();
}

function check(result: CaseResult, expected: boolean[] | Expected): void {
  if (Array.isArray(expected)) expect(result).toEqual({ id: result.id, matches: expected });
  else if (expected.refuse) checkRefusal(result, expected.refuse);
  else if ('alerts' in result) {
    expect(merge(result.alerts)).toEqual(merge(expected.alerts ?? []));
    if (expected.detections) expect(result.detections).toEqual(expected.detections);
  } else expect(result).toHaveProperty('alerts');
}

function checkRefusal(result: CaseResult, { code, line, also = [] }: Refusal): void {
  const problems = 'refuse' in result ? result.refuse : [];
  const anywhere = code === 'yaml/syntax' || code === 'yaml/limit';
  const found = problems.filter((problem) => [code, ...also].includes(problem.code));
  expect(found.map((problem) => (anywhere ? line : problem.line))).toContain(line);
}

for (const [area, own] of Map.groupBy(cases, ({ area }) => area)) {
  describe(`conformance: ${area}`, () => {
    for (const { one, title, expect: expected } of own) {
      const needsCollection = one.ruleFile !== null && one.rule === '' && COLLECTION === undefined;
      if (needsCollection) skipped++;
      test.skipIf(needsCollection)(`${one.id} ${title}`, () => {
        check(
          runCase(one, (path) => readFileSync(join(COLLECTION ?? '', path), 'utf8')),
          expected,
        );
      });
    }
  });
}

afterAll(() => {
  if (skipped > 0)
    console.log(
      `conformance: ${skipped} cases need SigmaHQ's own files (SIGMAHQ=folder) and were not run; test/sigma/collection.test.ts runs rules like them`,
    );
});
