import type { ProvenEvent, RuleHits } from './finish.ts';
import type { Pack } from './pack.ts';

export function correlate(_pack: Pack, _proven: ReadonlyMap<number, readonly ProvenEvent[]>): RuleHits[] {
  return [];
}
