import type { Strand } from '../../contract/rows.ts';
import type { EventFields } from '../../store/event-reader.ts';
import type { Finding } from '../../store/findings.ts';
import { lastAddress, strandKey } from '../../store/strand-reader.ts';

/** What one strand has to do with an alert. Times are microseconds. */
export interface Part {
  readonly strand: Strand;
  readonly key: string;
  readonly events: number;
  readonly first: number;
  readonly last: number;
  /** Its first events, by time and identity. */
  readonly samples: readonly EventFields[];
}

/** An alert as the joining of alerts sees it: who stands in its events, and which objects. */
export interface Sighting {
  readonly finding: Finding;
  /** By number of events, then key. */
  readonly parts: readonly Part[];
  /** Keys of the named objects in its events, at most `MOST_OBJECTS`. */
  readonly objects: ReadonlySet<string>;
  readonly first: number;
  readonly last: number;
}

const MOST_OBJECTS = 200;
const MOST_SAMPLES = 4;
/** Events of one alert that are looked at, the first ones. */
const MOST_LOOKED_AT = 10_000;

export const strandOf = (fields: EventFields): Strand => ({
  cluster: fields.cluster,
  user: fields.user ?? '',
  address: lastAddress(fields.sourceIPs),
});

/** Names an object across events; null for requests without a named one. */
export function objectKeyOf(fields: Pick<EventFields, 'cluster' | 'namespace' | 'resource' | 'name'>): string | null {
  const { cluster, namespace, resource, name } = fields;
  if (resource === null || name === null) return null;
  return objectKey(cluster, resource === 'namespaces' ? null : namespace, resource, name);
}

export const objectKey = (cluster: string | null, namespace: string | null, resource: string, name: string): string =>
  JSON.stringify([cluster, namespace, resource, name]);

export const byTime = (a: EventFields, b: EventFields): number =>
  (a.time ?? 0) - (b.time ?? 0) ||
  (a.stageTime ?? 0) - (b.stageTime ?? 0) ||
  (a.auditID < b.auditID ? -1 : a.auditID > b.auditID ? 1 : 0);

/** Looks at the events that prove an alert. */
export function sightingOf(finding: Finding, fieldsOf: (event: number) => EventFields | undefined): Sighting {
  const events = finding.events
    .slice(0, MOST_LOOKED_AT)
    .flatMap((id) => fieldsOf(id) ?? [])
    .sort(byTime);
  const parts = [...Map.groupBy(events, (event) => strandKey(strandOf(event)))].map(([key, found]): Part => {
    const answered = found.filter(({ stage }) => stage !== 'RequestReceived');
    return {
      key,
      strand: strandOf(found[0] as EventFields),
      events: found.length,
      first: found[0]?.time ?? 0,
      last: found.at(-1)?.time ?? 0,
      samples: (answered.length > 0 ? answered : found).slice(0, MOST_SAMPLES),
    };
  });
  const objects = new Set<string>();
  for (const event of events) {
    const key = objectKeyOf(event);
    if (key !== null && objects.size < MOST_OBJECTS) objects.add(key);
  }
  const [resource, ...name] = finding.object?.split('/') ?? [];
  if (resource !== undefined && name.length > 0 && name[0] !== '*') {
    objects.add(
      objectKey(finding.cluster, resource === 'namespaces' ? null : finding.namespace, resource, name.join('/')),
    );
  }
  return {
    finding,
    parts: parts.sort((a, b) => b.events - a.events || (a.key < b.key ? -1 : 1)),
    objects,
    first: events[0]?.time ?? 0,
    last: events.at(-1)?.time ?? 0,
  };
}
