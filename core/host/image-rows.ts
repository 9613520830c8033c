import { derivedField } from '../event/derived.ts';
import { POD_SPEC_RESOURCES } from '../event/pod-spec.ts';
import { maskOf } from '../hunt/row-mask.ts';
import type { EventIndex } from '../store/event-index.ts';
import type { Hunting } from './hunting.ts';

/** Which writes name which images: they stand in bodies, so the writes of pods and workloads are read, once. */
export interface ImageRows {
  readonly names: readonly string[];
  /** Rows of the writes that name an image, in order, by image. */
  readonly rows: readonly (readonly number[])[];
}

const WRITES: ReadonlySet<string | null> = new Set(['create', 'update', 'patch']);
const BODIES: ReadonlySet<string> = new Set(['hasRequestBody', 'hasResponseBody']);

const known = new WeakMap<EventIndex, Promise<ImageRows>>();

export function imageRows(hunting: Hunting, signal: AbortSignal): Promise<ImageRows> {
  const { index } = hunting.source;
  const before = known.get(index);
  if (before !== undefined) return before;
  const rows = readImages(hunting, signal);
  known.set(index, rows);
  rows.catch(() => known.delete(index));
  return rows;
}

async function readImages(hunting: Hunting, signal: AbortSignal): Promise<ImageRows> {
  const { index } = hunting.source;
  const imagesOf = derivedField('decklog.pod.images');
  const mask = maskOf(
    {
      and: [
        { column: 'verb', accepts: (verb) => WRITES.has(verb) },
        { column: 'resource', accepts: (resource) => resource !== null && POD_SPEC_RESOURCES.includes(resource) },
        { column: 'flags', acceptsFlag: (flag) => BODIES.has(flag) },
      ],
    },
    index,
  );
  const rows = new Map<string, number[]>();
  for await (const { row, event } of hunting.eventsOf({ mask }, signal)) {
    for (const image of new Set(asTexts(imagesOf?.(event)))) {
      const members = rows.get(image);
      if (members === undefined) rows.set(image, [row]);
      else members.push(row);
    }
  }
  const names = [...rows.keys()].sort();
  return { names, rows: names.map((name) => (rows.get(name) ?? []).sort((a, b) => a - b)) };
}

const asTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
