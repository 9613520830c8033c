import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack } from '../../core/detect/pack.ts';
import type { DetectOutcome } from '../../core/host/api.ts';
import { parseJson } from '../../core/json.ts';
import { CONTEXT, caseOf, eventsOf, SAMPLES, SHIPPED } from './case.ts';

const session = await caseOf([join(SAMPLES, 'k8s-audit-jsonl.log'), join(SAMPLES, 'container--two-nodes.zip')]);
const bare = ({ alerts, coverage }: DetectOutcome) => ({ alerts, coverage });

test('a profile tells of each rule the events it was asked about, and those that met it', async () => {
  const { profile } = await session.detect({ ...SHIPPED, profile: true }, CONTEXT);

  const events = (await eventsOf(session)).map(({ id }) => parseJson(session.canonical(id)));
  const { rules } = compilePack(loadRuleFiles(SHIPPED).set);
  const counted = rules.map((rule) => events.filter((event) => rule.matches(event)).length);
  expect(profile.map(({ rule, matched }) => [rule, matched])).toEqual(
    rules.map(({ id, key }, index) => [id ?? key, counted[index]]),
  );
  expect(profile.filter(({ seen, matched, ms }) => seen < matched || !(ms >= 0))).toEqual([]);
  // A rule that the columns decide costs nothing more.
  expect(profile.some(({ seen, matched, ms }) => seen > matched && ms > 0)).toBe(true);
  expect(profile.some(({ seen }) => seen > 0 && seen < events.length)).toBe(true);
});

test('nothing is measured unless it is asked for, and findings do not depend on it', async () => {
  const plain = await session.detect(SHIPPED, CONTEXT);
  const profiled = await session.detect({ ...SHIPPED, profile: true }, CONTEXT);

  expect([plain.profile, bare(profiled)]).toEqual([[], bare(plain)]);
});
