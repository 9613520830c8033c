import type { CoresOrigin, NodeSpan, PriceEstimate, PriceRequest, Range } from '../../contract/price.ts';
import { formatTime } from '../../event/time.ts';

/** A node as the events tell of it; times are microseconds. */
export interface SeenNode {
  readonly name: string;
  firstUs: number;
  lastUs: number;
  deletedUs: number | null;
  cores: number | null;
  origin: CoresOrigin;
}

export interface PriceFacts {
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly events: number;
  readonly rawBytes: number;
  readonly caseBytes: number;
  readonly nodes: readonly SeenNode[];
}

const HOUR_US = 3_600_000_000;
const MONTH_HOURS = 730;
const DAY_HOURS = 24;
/** A node whose size nobody told: from the smallest machine to a large one. */
const UNKNOWN: Range = { low: 1, likely: 4, high: 16 };

/** What watching the cluster of these facts would cost, and keeping its logs. */
export function estimatePrice(facts: PriceFacts, request: PriceRequest): PriceEstimate {
  const [firstUs, lastUs] = [facts.firstUs ?? 0, facts.lastUs ?? 0];
  const hours = (lastUs - firstUs) / HOUR_US;
  const nodes = [...facts.nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const size = sizeOfUnknown(nodes);
  const cores = averageCores(nodes, size, firstUs, lastUs);
  return {
    request,
    hours: rounded(hours),
    nodes: nodes.map(toSpan),
    steps: stepsOf(nodes, size.likely),
    cores,
    perMonth: each(cores, (value) => rounded(value * request.perCoreMonth)),
    logs: logsOf(facts, hours, request),
    remarks: remarksOf(facts, nodes, hours, size),
  };
}

/** Nodes of unknown size are taken to be like those that are known. */
function sizeOfUnknown(nodes: readonly SeenNode[]): Range {
  const known = nodes.flatMap(({ cores }) => (cores === null ? [] : [cores])).sort((a, b) => a - b);
  if (known.length === 0) return UNKNOWN;
  return { low: known[0] as number, likely: known[known.length >> 1] as number, high: known.at(-1) as number };
}

/** Low: only while seen. High: as long as the log lasts, but for nodes that were deleted. */
function averageCores(nodes: readonly SeenNode[], size: Range, firstUs: number, lastUs: number): Range {
  const span = lastUs - firstUs;
  const sum = (use: keyof Range, lasts: (node: SeenNode) => number) =>
    nodes.reduce((total, node) => total + (node.cores ?? size[use]) * (span === 0 ? 1 : lasts(node) / span), 0);
  const seen = (node: SeenNode) => (node.deletedUs ?? node.lastUs) - node.firstUs;
  const likely = (node: SeenNode) => (node.deletedUs ?? lastUs) - node.firstUs;
  const whole = (node: SeenNode) => (node.deletedUs ?? lastUs) - firstUs;
  return { low: rounded(sum('low', seen)), likely: rounded(sum('likely', likely)), high: rounded(sum('high', whole)) };
}

function stepsOf(nodes: readonly SeenNode[], size: number): PriceEstimate['steps'] {
  const changes = nodes.flatMap(({ firstUs, deletedUs, cores }) => [
    { timeUs: firstUs, nodes: 1, cores: cores ?? size },
    ...(deletedUs === null ? [] : [{ timeUs: deletedUs, nodes: -1, cores: -(cores ?? size) }]),
  ]);
  const steps: { time: string; nodes: number; cores: number }[] = [];
  let [count, sum] = [0, 0];
  for (const change of changes.sort((a, b) => a.timeUs - b.timeUs)) {
    count += change.nodes;
    sum += change.cores;
    const step = { time: formatTime(change.timeUs), nodes: count, cores: rounded(sum) };
    if (steps.at(-1)?.time === step.time) steps.pop();
    steps.push(step);
  }
  return steps;
}

function logsOf(facts: PriceFacts, hours: number, request: PriceRequest): PriceEstimate['logs'] {
  const { events, rawBytes, caseBytes } = facts;
  const perMonth = (bytes: number) => (hours === 0 ? 0 : Math.round((bytes / hours) * MONTH_HOURS));
  const price = (bytes: number) => rounded((perMonth(bytes) / 1e9) * request.keepMonths * request.perGbMonth);
  return {
    rawBytes,
    caseBytes,
    eventsPerDay: hours === 0 ? 0 : Math.round((events / hours) * DAY_HOURS),
    rawBytesPerMonth: perMonth(rawBytes),
    caseBytesPerMonth: perMonth(caseBytes),
    rawPerMonth: price(rawBytes),
    casePerMonth: price(caseBytes),
  };
}

function remarksOf(facts: PriceFacts, nodes: readonly SeenNode[], hours: number, size: Range): string[] {
  const unknown = nodes.filter(({ cores }) => cores === null).length;
  const types = nodes.filter(({ origin }) => origin === 'machine type').length;
  const { low, likely, high } = size;
  return [
    ...(facts.firstUs === null ? ['The case holds no events with a time.'] : []),
    ...(hours < DAY_HOURS ? ['The log covers less than a day: what it shows need not be usual.'] : []),
    ...(nodes.length === 0 ? ['The log shows no node: neither node objects nor kubelets.'] : []),
    ...(unknown > 0
      ? [
          `The size of ${unknown} of ${nodes.length} nodes is unknown: the log holds no body of their node objects. They are taken to have ${likely} cores, from ${low} to ${high}.`,
        ]
      : []),
    ...(types > 0 ? [`The size of ${types} nodes follows from the name of their machine type.`] : []),
    'A node counts from its first sign in the log: one that was there before, or left without a deletion, makes the range.',
    'Prices are parameters. Compare them with the price list of the day and with your contract.',
  ];
}

const toSpan = ({ name, firstUs, lastUs, deletedUs, cores, origin }: SeenNode): NodeSpan => ({
  name,
  firstTime: formatTime(firstUs),
  lastTime: formatTime(deletedUs ?? lastUs),
  deleted: deletedUs !== null,
  cores,
  origin,
});

const each = (range: Range, map: (value: number) => number): Range => ({
  low: map(range.low),
  likely: map(range.likely),
  high: map(range.high),
});

const rounded = (value: number): number => Math.round(value * 100) / 100;
