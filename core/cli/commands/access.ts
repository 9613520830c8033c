import type { Access, AccessGrant, AccessUse } from '../../contract/rows.ts';
import { visible } from '../../text.ts';
import type { Call } from '../call.ts';
import type { CommandDefinition } from '../definition.ts';
import { EXIT } from '../exit-code.ts';
import { tableLines } from '../table.ts';
import { count } from '../words.ts';

interface AccessFlags {
  readonly at?: string;
  readonly minimal?: true;
}

export const access: CommandDefinition = {
  name: 'access',
  summary: 'what an identity could do at a time, used against granted',
  description: `Puts together the roles and bindings that the log holds, and those that the API server named when it allowed a request, and
sets what the identity did against them. What was not recorded is said. With --minimal: the least role that would have allowed
what was used, as YAML. With --json: one document.`,
  examples: [
    {
      command: 'access northwind.decklog system:serviceaccount:ci:deployer',
      does: 'a service account; ci:deployer means it too',
    },
    { command: 'access northwind.decklog alice --at 2026-03-04T10:15:00Z', does: 'as it was then' },
    { command: 'access northwind.decklog ci:deployer --minimal', does: 'the least role in YAML' },
  ],
  exits: [EXIT.cancelled],
  define(command) {
    command
      .argument('<case>', 'the case file')
      .argument('<subject>', 'a user name, namespace:name of a service account, or a group')
      .option('--at <time>', 'at this time (RFC 3339), not at the end of the log')
      .option('--minimal', 'print the least role only');
  },
  async run(call) {
    const [path = '', subject = ''] = call.args;
    const { at, minimal } = call.options<AccessFlags>();
    const told = await call.withCase(path, 'read', (session) =>
      session.access(subject, { ...(at !== undefined && { at }) }, call.context),
    );
    if (call.isJson) await call.json(told);
    else if (minimal) await call.out.text(told.leastRole);
    else for (const line of lines(path, told, call)) await call.out.line(line);
    return EXIT.done;
  },
};

function lines(path: string, told: Access, call: Call): string[] {
  const { subject, at, bindings, grants, used, notes } = told;
  const unused = grants.filter((grant) => grant.used === 0);
  return [
    call.paint(`${visible(subject.name)} (${subject.kind})${at === null ? '' : ` at ${at}`}`, 'bold'),
    ...(subject.groups.length === 0 ? [] : [`in the groups ${visible(subject.groups.join(', '))}`]),
    '',
    ...section(
      'Bound by',
      bindings.map(({ binding, role, via, known, hasRules }) => [
        binding,
        role,
        via,
        `${known}${hasRules ? '' : ', rules not recorded'}`,
      ]),
      ['Binding', 'Role', 'As', 'Known'],
      call,
    ),
    ...section('Did', used.map(useCells), ['Verb', 'Resource', 'Where', 'Allowed', 'Denied', 'Granted'], call),
    ...section('Could do and did not', unused.map(grantCells), ['Verbs', 'Resources', 'Where', 'By'], call),
    ...notes.map(visible),
    `The least role: ${call.next('access', path, subject.name, '--minimal')}`,
  ];
}

function section(title: string, cells: readonly string[][], heads: readonly string[], call: Call): string[] {
  if (cells.length === 0) return [];
  const columns = heads.map((head) => ({
    head,
    ...(['Allowed', 'Denied'].includes(head) && { align: 'right' as const }),
  }));
  return [call.paint(title, 'bold'), ...tableLines(columns, cells, call.width), ''];
}

const useCells = ({ verb, apiGroup, resource, url, namespace, allowed, denied, granted, by }: AccessUse): string[] => [
  verb,
  url ?? (apiGroup === null ? (resource ?? '') : `${resource}.${apiGroup}`),
  namespace ?? 'the whole cluster',
  count(allowed),
  count(denied),
  granted === 'yes' ? by.join(', ') : granted === 'no' ? 'no' : 'not recorded',
];

const grantCells = ({
  verbs,
  apiGroups,
  resources,
  resourceNames,
  nonResourceURLs,
  namespace,
  by,
}: AccessGrant): string[] => [
  verbs.join(' '),
  nonResourceURLs.length > 0
    ? nonResourceURLs.join(' ')
    : `${resources.join(' ')}${apiGroups.join('') === '' ? '' : ` of ${apiGroups.map((group) => group || 'core').join(' ')}`}${resourceNames.length > 0 ? ` named ${resourceNames.join(' ')}` : ''}`,
  namespace ?? 'everywhere',
  by,
];
