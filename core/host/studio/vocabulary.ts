/** Words of a rule that are not fields, in our own words: for completion and hover. */
export interface WordHelp {
  readonly name: string;
  readonly about: string;
}

const words = (...list: readonly (readonly [name: string, about: string])[]): WordHelp[] =>
  list.map(([name, about]) => ({ name, about }));

export const ATTRIBUTES = words(
  ['title', 'What the alert is called: short, and understood by an analyst.'],
  ['id', 'A random UUID that never changes; a rule that means something else is a new rule.'],
  ['name', 'How correlations and filters refer to this rule.'],
  ['status', 'How far it is trusted.'],
  ['description', 'What was seen, and why it matters.'],
  ['author', 'Who wrote it.'],
  ['date', 'When it was written: 2026-03-04.'],
  ['modified', 'When it was changed.'],
  ['references', 'Where to read more.'],
  ['tags', 'ATT&CK tactics and techniques: attack.execution, attack.t1609.'],
  ['taxonomy', '`decklog` for a rule that uses fields beginning with decklog.'],
  ['logsource', 'Which log it is for.'],
  ['detection', 'Selections, and a condition that joins them.'],
  ['correlation', 'Counts or orders what other rules found.'],
  ['filter', 'Leaves out some of what other rules find.'],
  ['falsepositives', 'Who does this honestly.'],
  ['level', 'How much a hit is worth.'],
  ['levelReason', 'Why this level and no other.'],
  ['nextSteps', 'What an analyst does next.'],
  ['fields', 'What the alert should show.'],
  ['defender', 'Id of the vendor alert that it stands for.'],
  ['related', 'Other rules that it comes from or is like.'],
  ['license', 'Licence of the text.'],
  ['scope', 'Where it applies.'],
);

export const MODIFIER_HELP = words(
  ['contains', 'The value stands somewhere in the text.'],
  ['startswith', 'The text begins with the value.'],
  ['endswith', 'The text ends with the value.'],
  ['all', 'Each of the values is found, not just one.'],
  ['neq', 'The negation of the comparison; a missing field meets it.'],
  ['cased', 'Upper and lower case differ.'],
  ['exists', 'The field is there, even if it is empty; false: it is not.'],
  ['re', 'A regular expression, searched anywhere, in linear time: no lookaround, no back references.'],
  ['i', 'After re: case does not count.'],
  ['m', 'After re: ^ and $ stand at lines.'],
  ['s', 'After re: a dot is a line feed too.'],
  ['cidr', 'An address within a network.'],
  ['gt', 'Greater than.'],
  ['gte', 'Greater or equal.'],
  ['lt', 'Less than.'],
  ['lte', 'Less or equal.'],
  ['fieldref', 'Compares with the value of another field.'],
  ['expand', 'The values of a list: %name%.'],
  ['windash', 'A dash, a slash and the long dashes are one character.'],
  ['base64', 'The value, encoded.'],
  ['base64offset', 'The value, encoded, wherever it stands in the encoded text.'],
  ['wide', 'UTF-16, little endian, before an encoding.'],
  ['utf16le', 'UTF-16, little endian.'],
  ['utf16be', 'UTF-16, big endian.'],
  ['utf16', 'UTF-16 with a byte order mark.'],
  ['minute', 'Minute of a time.'],
  ['hour', 'Hour of a time, as written.'],
  ['day', 'Day of the month.'],
  ['week', 'ISO week.'],
  ['month', 'Month of a time.'],
  ['year', 'Year of a time.'],
);

export const LEVEL_HELP = words(
  ['informational', 'Daily work, worth a look only beside other findings.'],
  ['low', 'Honest reasons are common.'],
  ['medium', 'A person should look at it; on an ordinary day it does not happen.'],
  ['high', 'Hardly an honest reason.'],
  ['critical', 'No honest reason.'],
);

export const STATUS_HELP = words(
  ['stable', 'Has proved itself.'],
  ['test', 'Seems right, needs more logs.'],
  ['experimental', 'May be noisy.'],
  ['deprecated', 'Another rule does it better.'],
  ['unsupported', 'Cannot be run as it is.'],
);

/** ATT&CK tactics as tags name them. */
export const TACTICS = words(
  ['initial-access', 'Getting in.'],
  ['execution', 'Running code.'],
  ['persistence', 'Staying.'],
  ['privilege-escalation', 'Getting more rights.'],
  ['defense-evasion', 'Not being seen.'],
  ['credential-access', 'Stealing secrets.'],
  ['discovery', 'Looking around.'],
  ['lateral-movement', 'Moving on.'],
  ['collection', 'Gathering data.'],
  ['command-and-control', 'Talking to what was taken.'],
  ['exfiltration', 'Carrying data away.'],
  ['impact', 'Doing harm.'],
  ['reconnaissance', 'Preparing from outside.'],
  ['resource-development', 'Preparing tools.'],
);

export const CORRELATION_KEYS = words(
  [
    'type',
    'event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile, value_median.',
  ],
  ['rules', 'Names or ids of the rules that it joins.'],
  ['group-by', 'Fields that must be equal.'],
  ['timespan', 'How long: 30s, 5m, 1h, 1d.'],
  ['condition', 'Limits, such as gte: 10; for counts also field.'],
  ['aliases', 'One name for fields that the rules call differently.'],
  ['generate', 'Whether the joined rules raise alerts of their own.'],
);

export const CORRELATION_TYPES = words(
  ['event_count', 'How many.'],
  ['value_count', 'How many different values of a field.'],
  ['temporal', 'All of them within the time.'],
  ['temporal_ordered', 'One after the other.'],
  ['value_sum', 'The sum of a field.'],
  ['value_avg', 'The mean of a field.'],
  ['value_percentile', 'A percentile of a field.'],
  ['value_median', 'The median of a field.'],
);

/** Verbs of the Kubernetes API as audit logs write them. */
export const VERBS = words(
  ['get', 'One object; since kubectl 1.31 exec, attach and port-forward too.'],
  ['list', 'Many objects.'],
  ['watch', 'Many objects, as they change.'],
  ['create', 'A new object; exec, attach and port-forward of older clients.'],
  ['update', 'The whole object anew: HTTP PUT, which is called `replace` elsewhere.'],
  ['patch', 'A part of the object.'],
  ['delete', 'One object.'],
  ['deletecollection', 'Many objects.'],
  ['impersonate', 'Only in roles, never in a log.'],
  ['proxy', 'Through the API server to a node, pod or service, on old servers.'],
);

/** Words that stand for a verb elsewhere, and the verb of the log. */
export const WRONG_VERBS: Readonly<Record<string, string>> = {
  replace: 'update',
  put: 'update',
  post: 'create',
  connect: 'get',
  exec: 'create',
  deleted: 'delete',
  'delete-collection': 'deletecollection',
  remove: 'delete',
  read: 'get',
};
