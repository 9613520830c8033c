import type { Scope, TimeRange } from '../contract/scope.ts';
import { type Bins, binsOf, spanOf } from '../hunt/charts.ts';
import type { EventSelection } from '../hunt/selection.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { CallScope } from './call-scope.ts';
import { type HuntScope, huntingOf } from './hunting.ts';
import { Meter } from './meter.ts';

/** A scope of the app as the engine searches it. */
export function scopeOf({ query, range }: Scope): HuntScope {
  return { query, ...(range !== undefined && { from: range.from, to: range.to }) };
}

/** All events of a scope, decided; tells progress where events must be read. */
export async function decided(asked: Scope, { store, signal, progress }: CallScope): Promise<EventSelection> {
  const selection = huntingOf(store).select(scopeOf(asked));
  if (selection.isComplete) return selection;
  const meter = new Meter('searching', progress);
  meter.total = store.glance().rawBytes;
  await selection.decideAll(signal, (done) => {
    meter.bytes = Math.round(meter.total * done);
    meter.events = selection.count;
    meter.report();
  });
  return selection;
}

/** Bins over the range asked for, else over the whole case. */
export function binsFor(index: EventIndex, range: TimeRange | undefined, most: number): Bins {
  return binsOf(range ?? spanOf(index) ?? { from: 0, to: 0 }, most);
}
