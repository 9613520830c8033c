import { derivedField } from '../event/derived.ts';
import { POD_SPEC_RESOURCES } from '../event/pod-spec.ts';
import { countRows, maskOf, type RowMask } from '../hunt/row-mask.ts';
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

/** Writes that are few enough to be read whenever somebody asks. */
const FEW = 5_000;

interface Reading {
  readonly rows: Promise<ImageRows>;
  readonly signal: AbortSignal;
  isDone: boolean;
}

const readings = new WeakMap<EventIndex, Reading>();

/** Several callers share the reading; should the one who began it give up, another goes on with it. */
export async function imageRows(hunting: Hunting, signal: AbortSignal): Promise<ImageRows> {
  const { index } = hunting.source;
  for (;;) {
    const reading = readings.get(index) ?? begin(hunting, signal);
    try {
      return await reading.rows;
    } catch (error) {
      if (signal.aborted || !reading.signal.aborted) throw error;
    }
  }
}

function begin(hunting: Hunting, signal: AbortSignal): Reading {
  const { index } = hunting.source;
  const reading: Reading = { rows: readImages(hunting, signal), signal, isDone: false };
  readings.set(index, reading);
  reading.rows.then(
    () => {
      reading.isDone = true;
    },
    () => readings.delete(index),
  );
  return reading;
}

/** Whether the images are known, or will be in no time. */
export function areImagesNear({ source: { index } }: Hunting): boolean {
  return readings.get(index)?.isDone === true || countRows(writesWithBodies(index)) <= FEW;
}

async function readImages(hunting: Hunting, signal: AbortSignal): Promise<ImageRows> {
  const { index } = hunting.source;
  const imagesOf = derivedField('decklog.pod.images');
  const mask = writesWithBodies(index);
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

function writesWithBodies(index: EventIndex): RowMask {
  return maskOf(
    {
      and: [
        { column: 'verb', accepts: (verb) => WRITES.has(verb) },
        { column: 'resource', accepts: (resource) => resource !== null && POD_SPEC_RESOURCES.includes(resource) },
        { column: 'flags', acceptsFlag: (flag) => BODIES.has(flag) },
      ],
    },
    index,
  );
}
