import { Argument, Option } from 'commander';
import type { Suppression, SuppressionDraft } from '../../contract/incident-calls.ts';
import { ENTITY_KINDS, type EntityKind } from '../../contract/scope.ts';
import { CaseError } from '../../fault.ts';
import { formatTime, parseBound } from '../../host/time-bound.ts';
import { jsonText, visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { who } from '../findings.ts';
import { type Column, tableLines } from '../table.ts';
import { count, counted } from '../words.ts';

interface SuppressFlags {
  readonly rule?: string;
  readonly entity?: { readonly kind: EntityKind; readonly name: string };
  readonly condition?: string;
  readonly reason?: string;
  readonly expires?: string;
  readonly simulate?: true;
}

/** Alerts that a simulation shows to people. */
const MOST = 20;

export const suppress: CommandDefinition = {
  name: 'suppress',
  summary: 'hide alerts, with a reason, or see what is hidden',
  description: `Lists what hides alerts, adds to it or takes from it. An alert is hidden if its rule and entity fit and every event
that proves it meets the condition. What happened after the expiry is not hidden. Hidden alerts stay in the case and in the
report: alerts --suppressed lists them. With --simulate nothing is changed: it tells what would be hidden.`,
  examples: [
    { command: 'suppress northwind.decklog', does: 'what hides alerts' },
    {
      command:
        'suppress northwind.decklog add --rule "Secrets listed" --entity user:backup --reason "nightly backup" --expires 2027-01-01',
      does: 'hide alerts of a rule about an identity',
    },
    {
      command: 'suppress northwind.decklog add --condition "ns:load-test" --simulate',
      does: 'what a condition would hide',
    },
    { command: 'suppress northwind.decklog remove 2 --reason "backup has ended"', does: 'show them again' },
  ],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .addArgument(new Argument('[action]', 'what to do').choices(['list', 'add', 'remove']).default('list'))
      .argument('[id]', 'of the suppression to remove')
      .option('--rule <id or title>', 'alerts of this rule')
      .addOption(
        new Option('--entity <kind:name>', `alerts that name it: ${ENTITY_KINDS.join(', ')}`).argParser(entityOf),
      )
      .option('--condition <query>', 'a query that every proving event must meet')
      .option('--reason <text>', 'why')
      .option('--expires <time>', 'what happened later is not hidden')
      .option('--simulate', 'change nothing, tell what would be hidden');
  },
  async run(call) {
    const [path = '', action = 'list', id] = call.args;
    const flags = call.options<SuppressFlags>();
    if (flags.simulate) await simulate(path, flags, call);
    else if (action === 'add') await add(path, flags, call);
    else if (action === 'remove') await remove(path, id, flags, call);
    else await list(path, call);
    return EXIT.done;
  },
};

function entityOf(text: string): SuppressFlags['entity'] {
  const at = text.indexOf(':');
  const kind = ENTITY_KINDS.find((known) => known === text.slice(0, at));
  if (kind !== undefined && at < text.length - 1) return { kind, name: text.slice(at + 1) };
  throw new CaseError('usage', `${text} is no entity.`, {
    hint: `Write kind:name, with one of ${ENTITY_KINDS.join(', ')}.`,
  });
}

/** A rule may be named by its id or its whole title. */
function draftOf(flags: SuppressFlags, rules: readonly { id: string; title: string }[]): SuppressionDraft {
  const { rule, entity, condition, reason = '', expires } = flags;
  const expiresAt = expires === undefined ? undefined : parseBound(expires, 'expires');
  return {
    ...(rule !== undefined && { rule: ruleOf(rule, rules) }),
    ...(entity && { entity }),
    ...(condition !== undefined && { condition }),
    reason,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function ruleOf(name: string, rules: readonly { id: string; title: string }[]): string {
  const found = rules.filter(({ id, title }) => id === name || title.toLowerCase() === name.toLowerCase());
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.id;
  const why = first === undefined ? 'No rule of the last run' : 'More than one rule';
  throw new CaseError('usage', `${why} is called ${name}.`, { hint: '`decklog coverage <case> --json` has all ids.' });
}

async function simulate(path: string, flags: SuppressFlags, call: Call): Promise<void> {
  const hidden = await call.withCase(path, 'read', (session) =>
    session.simulate(
      draftOf(
        flags,
        session.coverage().map(({ rule }) => rule),
      ),
    ),
  );
  if (call.isJson) return call.json({ hides: hidden.length, alerts: hidden.map(({ id }) => id) });
  const columns: Column[] = [
    { head: 'Id', align: 'right' },
    { head: 'Level' },
    { head: 'Title', least: 30 },
    { head: 'Who', least: 20 },
  ];
  const rows = hidden.slice(0, MOST).map((alert) => [String(alert.id), alert.level, alert.title, who(alert)]);
  if (rows.length > 0) for (const line of tableLines(columns, rows, call.width)) await call.out.line(line);
  await call.out.line(`It would hide ${counted(hidden.length, 'alert')}. Nothing was changed.`);
}

async function add(path: string, flags: SuppressFlags, call: Call): Promise<void> {
  const added = await call.withCase(path, 'write', (session) =>
    session.suppress(
      draftOf(
        flags,
        session.coverage().map(({ rule }) => rule),
      ),
    ),
  );
  if (call.isJson) return call.json(added);
  await call.out.line(
    `Suppression ${added.id} hides ${counted(added.hides, 'alert')}: ${call.next('alerts', path, '--suppressed')}`,
  );
}

async function remove(path: string, id: string | undefined, { reason = '' }: SuppressFlags, call: Call): Promise<void> {
  if (id === undefined || !/^\d+$/.test(id))
    throw new CaseError('usage', 'Which suppression is to be removed?', {
      hint: `See them: ${call.next('suppress', path)}`,
    });
  const left = await call.withCase(path, 'write', (session) => {
    session.unsuppress(Number(id), reason);
    return session.suppressions();
  });
  if (call.isJson) await call.json(left);
  else await call.out.line(`What suppression ${id} hid is shown again; it stays in the log of actions.`);
}

async function list(path: string, call: Call): Promise<void> {
  const all = await call.withCase(path, 'read', (session) => session.suppressions());
  if (call.isJson) {
    for (const one of all) await call.out.machine(`${jsonText(one)}\n`);
    return;
  }
  if (all.length === 0) return call.out.line('Nothing is hidden.');
  const columns: Column[] = [
    { head: 'Id', align: 'right' },
    { head: 'Hides', align: 'right' },
    { head: 'What', least: 30 },
    { head: 'Until' },
    { head: 'By' },
    { head: 'Why', least: 20 },
  ];
  const rows = all.map((one) => [
    String(one.id),
    count(one.hides),
    whatOf(one),
    untilOf(one),
    one.examiner,
    one.reason,
  ]);
  for (const line of tableLines(columns, rows, call.width)) await call.out.line(line);
}

function whatOf({ rule, ruleTitle, entity, condition }: Suppression): string {
  const parts = [ruleTitle ?? rule, entity && `${entity.kind}:${entity.name}`, condition];
  return visible(parts.filter(Boolean).join(', '));
}

const untilOf = ({ expiresAt }: Suppression): string => (expiresAt === null ? '' : formatTime(expiresAt).slice(0, 19));
