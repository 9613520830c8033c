import type { IndicatorListRow, Level } from '../contract/rows.ts';
import { INDICATOR_KINDS, type IndicatorKind } from '../contract/rows.ts';
import type { CompareProofs } from '../detect/baseline/cells.ts';
import type { Covered } from '../detect/coverage/coverage.ts';
import type { ProvenEvent, RuleHits } from '../detect/finish.ts';
import { IMAGE_RULE } from '../detect/indicators/image-rule.ts';
import { IndicatorIndex, type ListedIndicator } from '../detect/indicators/match.ts';
import { MOST_CHARACTERS, readIndicators } from '../detect/indicators/read-indicators.ts';
import { hitsOf, listFacts, listRuleId, Sightings, sha256Of } from '../detect/indicators/sightings.ts';
import { stalenessOf } from '../detect/indicators/staleness.ts';
import type { RuleFiles } from '../detect/load-rules.ts';
import { formatTime } from '../event/time.ts';
import { CaseError } from '../fault.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { ColumnReader } from '../store/column-reader.ts';
import type { Finding } from '../store/findings.ts';
import type { IndicatorLists, StoredIndicatorList } from '../store/indicators.ts';

/** A list of indicators that is brought into a case. */
export interface IndicatorImport {
  readonly name: string;
  /** Name of the file, for the record. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Day of the list, where the file does not say it or says it wrong. */
  readonly date?: string;
  /** What values are whose text does not tell. */
  readonly kind?: IndicatorKind;
  /** Of its alerts; medium. */
  readonly level?: Level;
  readonly origin?: string;
  readonly note?: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/** Brings a list into a case. Raises `list/invalid` where the name is taken or the file holds none. */
export function addIndicators(store: CaseStore, given: IndicatorImport, examiner: string, time: number): void {
  const { name, file, bytes, date, kind, level = 'medium', origin, note = '' } = given;
  if (!NAME.test(name))
    throw new CaseError('list/invalid', 'That is no name for a list of indicators.', {
      hint: 'Use up to 64 letters, digits, spaces, dots, - and _.',
    });
  if (store.indicators.all().some((list) => list.name === name))
    throw new CaseError('list/invalid', `There is a list ${name} in this case already.`, {
      hint: 'Remove it first, or give another name: a newer list is a new list.',
    });
  if (date !== undefined && (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))))
    throw new CaseError('usage', `${date} is no day.`, { hint: 'Write it as 2026-03-04.' });
  const read = readIndicators(textOf(bytes), kind ?? null);
  const draft = {
    name,
    origin: origin ?? read.origin,
    date: date ?? read.date,
    level,
    format: read.format,
    file,
    sha256: sha256Of(bytes),
    skipped: read.skipped,
    note,
    examiner,
    time,
  };
  store.change(() => {
    store.indicators.add(draft, read.indicators);
    store.record({
      examiner,
      time,
      name: 'indicators/add',
      detail: {
        list: name,
        file,
        sha256: draft.sha256.toString('hex'),
        date: draft.date,
        indicators: read.indicators.length,
        skipped: read.skipped,
        note,
      },
      changed: ['settings'],
    });
  });
}

function textOf(bytes: Uint8Array): string {
  if (bytes.length > MOST_CHARACTERS)
    throw new CaseError('list/invalid', 'The file is larger than 256 MiB.', { hint: 'Split it.' });
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return new TextDecoder(isWide ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8').decode(bytes);
}

/** Takes a list out of a case; its alerts go with the next run. */
export function removeIndicators(store: CaseStore, name: string, reason: string, examiner: string, time: number): void {
  const list = store.indicators.all().find((one) => one.name === name);
  if (list === undefined)
    throw new CaseError('list/invalid', `There is no list of indicators ${name} in this case.`, {
      hint: '`decklog indicators list <case>` names them.',
    });
  store.change(() => {
    store.indicators.remove(list.id);
    const detail = { list: name, sha256: list.sha256.toString('hex'), reason };
    store.record({ examiner, time, name: 'indicators/remove', detail, changed: ['settings'] });
  });
}

/** The lists of a case with what the last run found. */
export function indicatorRows(store: CaseStore): IndicatorListRow[] {
  const { lastTime } = store.glance();
  const endUs = lastTime === null ? null : Date.parse(lastTime) * 1000;
  const alerts = Map.groupBy(store.findings.list(), (alert) => alert.rule.id);
  return store.indicators.all().map(({ sha256, time, ...list }) => {
    const staleness = stalenessOf(list.date, endUs);
    return {
      ...list,
      isStale: staleness !== '',
      staleness,
      sha256: sha256.toString('hex'),
      time: formatTime(time),
      hits: alerts.get(listRuleId(list.name))?.length ?? 0,
    };
  });
}

/** Rules as a case with lists that name images wants them run. */
export function withImageRule(files: RuleFiles, lists: IndicatorLists): RuleFiles {
  if (!lists.hasKind('image', 'digest')) return files;
  return { ...files, set: { ...files.set, sources: [...files.set.sources, IMAGE_RULE] } };
}

export interface IndicatorRun {
  readonly lists: IndicatorLists;
  readonly columns: ColumnReader;
  readonly hits: Iterable<ProvenEvent>;
  readonly compare: CompareProofs;
  readonly endUs: number | null;
  prove(event: number): ProvenEvent;
}

/** Compares the values that stand in a case with its lists: each different value once, then the events that hold those that were met. */
export function runIndicators(run: IndicatorRun): { readonly hits: RuleHits[]; readonly images: number } {
  const lists = run.lists.all();
  if (lists.length === 0) return { hits: [], images: 0 };
  const index = indexOf(run.lists);
  const sightings = new Sightings(run.compare);
  findInColumns(run.columns, index, sightings);
  const images = findImages(run.hits, index, sightings);
  return { hits: hitsOf(sightings.all(), lists, run.endUs, run.prove), images };
}

function indexOf(lists: IndicatorLists): IndicatorIndex {
  const index = new IndicatorIndex();
  for (const { kind, ...rest } of lists.indicators()) {
    const known = INDICATOR_KINDS.find((one) => one === kind);
    if (known !== undefined) index.add({ kind: known, ...rest });
  }
  return index;
}

/** What a dictionary entry meets, and the text that met it. */
type Met = readonly { readonly indicator: ListedIndicator; readonly value: string }[];

function findInColumns(columns: ColumnReader, index: IndicatorIndex, sightings: Sightings): void {
  const { addresses, agents, actors } = metEntries(columns, index);
  if (addresses.size + agents.size + actors.size === 0) return;
  const names = new Map<number, string>();
  const actorName = (id: number) => {
    const known = names.get(id) ?? nameOf(columns.actor(id));
    names.set(id, known);
    return known;
  };
  for (const batch of columns.batches()) {
    for (let row = 0; row < batch.count; row++) {
      const actor = batch.actor[row] as number;
      const met = [
        ...(addresses.get(batch.address[row] as number) ?? []),
        ...(agents.get(batch.agent[row] as number) ?? []),
        ...(actors.get(actor) ?? []),
      ];
      if (met.length === 0) continue;
      const { stage, code } = columns.answer(batch.answer[row] as number);
      if (stage === 'RequestReceived') continue;
      const count = stage === 'ResponseStarted' && code !== 401 ? 0 : 1;
      const cluster = columns.text(columns.clusterOf(batch.reading[row] as number));
      const proof = { timeUs: batch.time(row), event: batch.firstEvent + row };
      for (const one of met) sightings.add({ ...one, cluster, actor: actorName(actor) }, proof, count);
    }
  }
}

const nameOf = ({ user, impersonatedUser }: ReturnType<ColumnReader['actor']>) => impersonatedUser ?? user ?? '';

function metEntries(columns: ColumnReader, index: IndicatorIndex) {
  const addresses = new Map<number, Met>();
  const agents = new Map<number, Met>();
  for (const [id, text] of columns.terms()) {
    const listed = text.startsWith('["') ? addressesIn(text) : [];
    const found = listed.flatMap((value) => index.address(value).map((indicator) => ({ indicator, value })));
    if (found.length > 0) addresses.set(id, found);
    const clients = index.agent(text).map((indicator) => ({ indicator, value: text }));
    if (clients.length > 0) agents.set(id, clients);
  }
  const actors = new Map<number, Met>();
  for (const id of columns.actors()) {
    const { user, impersonatedUser } = columns.actor(id);
    const found = [user, impersonatedUser].flatMap((value) =>
      value === null ? [] : index.user(value).map((indicator) => ({ indicator, value })),
    );
    if (found.length > 0) actors.set(id, found);
  }
  return { addresses, agents, actors };
}

/** Lists of addresses stand among the texts; so may a user agent that only looks like one. */
function addressesIn(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? [...new Set(list.filter((one) => typeof one === 'string'))] : [];
  } catch {
    return [];
  }
}

/** @returns in how many requests images were named */
function findImages(hits: Iterable<ProvenEvent>, index: IndicatorIndex, sightings: Sightings): number {
  let images = 0;
  for (const { fields, proof } of hits) {
    if (proof.images === undefined || fields.time === null) continue;
    images++;
    const actor = fields.impersonatedUser ?? fields.user ?? '';
    for (const value of proof.images) {
      for (const indicator of index.image(value))
        sightings.add(
          { indicator, cluster: fields.cluster, actor, value },
          { timeUs: fields.time, event: fields.id },
          1,
        );
    }
  }
  return images;
}

/** What each list could see: it is blind where all it names are images and the log names none. */
export function indicatorCoverage(
  lists: readonly StoredIndicatorList[],
  findings: readonly Finding[],
  { images, events, endUs }: { readonly images: number; readonly events: number; readonly endUs: number | null },
): Covered[] {
  return lists.map((list): Covered => {
    const staleness = stalenessOf(list.date, endUs);
    const { level } = listFacts(list, 'address', staleness);
    const kinds = Object.keys(list.counts);
    const onlyImages = kinds.length > 0 && kinds.every((kind) => kind === 'image' || kind === 'digest');
    const alerts = findings.filter((finding) => finding.rule.id === listRuleId(list.name)).length;
    const rule = {
      id: listRuleId(list.name),
      title: `Indicators of ${list.name} (${list.date ?? 'of an unknown day'})`,
    };
    const total = Object.values(list.counts).reduce((sum, count) => sum + count, 0);
    const stale = staleness === '' ? '' : `; stale: ${staleness}`;
    const base = { rule, level, eventsSeen: events, parts: [], wanted: [] };
    if (alerts > 0)
      return { ...base, state: 'fired', reason: `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}${stale}` };
    if (onlyImages && images === 0)
      return { ...base, state: 'blind', reason: 'no request body names an image', eventsSeen: 0 };
    return { ...base, state: 'clean', reason: `none of its ${total} values stands in the log${stale}` };
  });
}
