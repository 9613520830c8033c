import { createHash } from 'node:crypto';
import type { PackReport } from '../../contract/studio-calls.ts';
import type { CaseStore } from '../../store/case-store.ts';
import type { StudioRules } from './draft-rules.ts';
import { type By, needReason } from './own-rules.ts';
import { planPack } from './plan-pack.ts';
import type { ReadPack } from './read-pack.ts';

/** What bringing in a pack would do, without doing it. */
export function tryPack(pack: ReadPack, rules: StudioRules, store: CaseStore): PackReport {
  const { rules: planned, ...rest } = planPack(pack, rules, store.settings.ownRules());
  return { action: null, taken: planned.map(({ shown }) => shown), ...rest };
}

/** Keeps the rules of a pack in the case, all in one action. Belongs into a change. */
export function takePack(pack: ReadPack, rules: StudioRules, store: CaseStore, reason: string, by: By): PackReport {
  needReason(reason);
  const { rules: planned, ...rest } = planPack(pack, rules, store.settings.ownRules());
  const taken = planned.map(({ shown }) => shown);
  if (planned.length === 0) return { action: null, taken, ...rest };
  const kept = planned.map(({ shown: { path, file }, text, tests }) => {
    const version = store.settings.addRule({ path, text, tests, reason, ...by, isRemoved: false });
    return { path, version, file, sha256: sha256(text), tests: sha256(tests) };
  });
  const detail = { rules: kept, refused: rest.refused.length, reason };
  return { action: store.record({ ...by, name: 'rule/import', detail, changed: ['settings'] }), taken, ...rest };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
