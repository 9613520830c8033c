import { InvalidArgumentError } from 'commander';
import type { PriceEstimate, PriceRequest, Range } from '../../contract/price.ts';
import { visible } from '../../text.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { count, counted, size } from '../words.ts';

interface PriceFlags {
  readonly perCore: number;
  readonly currency: string;
  readonly origin: string;
  readonly perGb: number;
  readonly keep: number;
}

/** Steps and nodes that people are shown. */
const MOST = 20;

export const price: CommandDefinition = {
  name: 'price',
  summary: 'what watching this cluster and keeping its logs would cost',
  description: `Estimates from the nodes that the log shows, and their cores over time, what a plan billed by vCore and month would
cost, and what it takes to keep such logs. Prices are parameters; what makes the figures unsure is said with them.`,
  examples: [
    { command: 'price northwind.decklog', does: 'with the retail figure of an old cost workbook' },
    {
      command: 'price northwind.decklog --per-core 6.87 --origin "price list of 1 March 2026"',
      does: 'with a price of today',
    },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .option('--per-core <amount>', 'for one vCore and month of 730 hours', amount, 7)
      .option('--currency <code>', 'of the amounts', 'USD')
      .option(
        '--origin <text>',
        'who said that price, and when',
        "retail figure of the vendor's cost estimation workbook, 2022-03-31",
      )
      .option('--per-gb <amount>', 'for keeping one GB a month', amount, 0.02)
      .option('--keep <months>', 'months that logs are kept', amount, 12);
  },
  async run(call) {
    const [path = ''] = call.args;
    const { perCore, currency, origin, perGb, keep } = call.options<PriceFlags>();
    const request = { perCoreMonth: perCore, currency, priceOrigin: origin, perGbMonth: perGb, keepMonths: keep };
    const estimate = await call.withCase(path, 'read', (session) => session.outputs.price(request, call.context));
    if (call.isJson) await call.json(estimate);
    else for (const line of lines(estimate)) await call.out.line(line);
    return EXIT.done;
  },
};

function amount(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !Number.isFinite(value))
    throw new InvalidArgumentError('It must be a number from 0.');
  return value;
}

function lines({ request, hours, nodes, steps, cores, perMonth, logs, remarks }: PriceEstimate): string[] {
  return [
    `Watching: ${money(perMonth, request)} a month`,
    `  ${range(cores)} vCores on average over ${count(hours)} hours, at ${request.perCoreMonth} ${visible(request.currency)} (${visible(request.priceOrigin)})`,
    `  ${counted(nodes.length, 'node')}: ${nodes.slice(0, MOST).map(nodeText).join(', ')}${nodes.length > MOST ? ` and ${count(nodes.length - MOST)} more` : ''}`,
    ...steps
      .slice(0, MOST)
      .map((step) => `  from ${step.time}: ${counted(step.nodes, 'node')}, ${count(step.cores)} cores`),
    `Keeping: ${count(logs.eventsPerDay)} events a day, ${size(logs.rawBytesPerMonth)} a month raw, ${size(logs.caseBytesPerMonth)} as a case`,
    `  ${request.keepMonths} months of it: ${count(logs.rawPerMonth)} ${visible(request.currency)} a month raw, ${count(logs.casePerMonth)} as cases, at ${request.perGbMonth} for one GB and month`,
    'Unsure:',
    ...remarks.map((remark) => `  ${remark}`),
  ];
}

const nodeText = ({ name, cores, deleted }: PriceEstimate['nodes'][number]): string =>
  visible(`${name} (${cores === null ? 'size unknown' : counted(cores, 'core')}${deleted ? ', deleted' : ''})`);

const range = ({ low, likely, high }: Range): string =>
  low === high ? count(likely) : `${count(likely)} (${count(low)} to ${count(high)})`;

const money = (amounts: Range, { currency }: PriceRequest): string => `${range(amounts)} ${visible(currency)}`;
