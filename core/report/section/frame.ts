import type { Block } from '../document.ts';
import type { Report } from '../model.ts';
import { readMarkdown } from '../own-text.ts';
import { count, span } from '../words.ts';

/** What was asked, what was looked at, and the examiner's own words. */
export function scopeSection({ selection, findings, custody, examiner }: Report): Block[] {
  const { question, text } = selection;
  return [
    ...(question === undefined ? [] : [{ kind: 'quote', blocks: [{ kind: 'text', line: [question] }] } as const]),
    {
      kind: 'facts',
      rows: [
        ['Examiner', [examiner]],
        ...(selection.preparedFor ? [['Prepared for', [selection.preparedFor]] as const] : []),
        ['Clusters', [findings.clusters.join(', ') || 'not stated by the evidence']],
        ['Time span', [span(findings.firstTime, findings.lastTime)]],
        ['Events', [`${count(findings.events)}, each counted once`]],
        ['Evidence', [`${count(custody.ledger.length)} lines in the ledger`]],
        ['Case', [{ text: custody.caseHash, style: 'code' }]],
      ],
    },
    {
      kind: 'text',
      line: [
        'What follows rests on the audit log of the Kubernetes API server alone. It shows requests to the API: who asked for what, from where, and what was answered. It does not show what ran inside containers or on nodes, nor traffic that did not pass the API server.',
      ],
    },
    ...(text === undefined ? [] : readMarkdown(text)),
  ];
}

const GLOSSARY: readonly (readonly [string, string])[] = [
  [
    'Alert, finding',
    'A statement of a rule about one identity, one object and one stretch of time, with the events that prove it.',
  ],
  ['Anonymous', 'A request without any proof of who sent it.'],
  [
    'API server',
    'The front door of a Kubernetes cluster: every administrative request passes it, and it writes the audit log.',
  ],
  ['ATT&CK', 'A public catalogue of what attackers do; T-numbers name techniques.'],
  ['Audit event', 'One line of the log: a stage of one request to the API server.'],
  ['Baseline', 'What was usual in the time that was learnt from; a finding can rest on a difference from it.'],
  [
    'Blind',
    'A rule that could not have found anything in this log, because the log does not record what it looks for.',
  ],
  [
    'Citation',
    'The place of the original bytes: the member by name and SHA-256, the first byte, and the number of bytes.',
  ],
  ['Cluster', 'Machines that run containers together, under one API server.'],
  ['cluster-admin', 'The built-in role that may do everything.'],
  ['Container', 'A program in its own surroundings, started from an image.'],
  ['Exec', 'A request to run a command inside a running container.'],
  ['Impersonation', 'A request made by one identity in the name of another, which the API server allows to some.'],
  ['Incident', 'Findings that are joined by identities and objects into one story.'],
  ['Ledger', 'The list of everything that was read, with counts that must reconcile.'],
  ['Member', 'A file that was given, or a file inside an archive that was given.'],
  ['Namespace', 'A named compartment of a cluster.'],
  ['Node', 'A machine of the cluster.'],
  ['Pod', 'One or more containers that run together on a node.'],
  ['RBAC, role, binding', 'The rules of who may do what: a role lists rights, a binding gives them to an identity.'],
  ['Secret', 'An object that holds passwords, keys or tokens.'],
  ['Service account', 'An identity for programs, named by its namespace and its name.'],
  ['SHA-256', 'A number computed from bytes; if the bytes change, so does the number.'],
  ['Token', 'A text that proves an identity; whoever holds it can act as that identity.'],
  ['Webhook', 'A service that the API server asks before it accepts a request; it can see and change what is sent.'],
];

/** Words for readers who are not engineers. */
export function glossarySection(): Block[] {
  return [{ kind: 'facts', rows: GLOSSARY.map(([word, meaning]) => [word, [meaning]] as const) }];
}

export function signatureSection({ custody, examiner }: Report): Block[] {
  return [
    {
      kind: 'text',
      line: [
        'This report was made from the case ',
        { text: custody.caseHash, style: 'code' },
        ' with the rules ',
        { text: custody.rulesHash, style: 'code' },
        '. Whoever holds the case can make it again.',
      ],
    },
    { kind: 'facts', rows: [['Examiner', [examiner]]] },
    {
      kind: 'blanks',
      labels: ['Place and date', 'Signature of the examiner', 'Name and signature of the second examiner'],
    },
  ];
}
