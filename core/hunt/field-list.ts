import type { FieldInfo } from '../contract/hunt-calls.ts';
import { DERIVED_FIELDS } from '../event/derived.ts';

type Row = readonly [name: string, title: string, about: string, group: FieldInfo['group'], isColumn?: false];

const ROWS: readonly Row[] = [
  ['user', 'User', 'who logged in', 'who'],
  ['impersonatedUser', 'Impersonated', 'whom they acted as', 'who'],
  ['decklog.actor', 'Actor', 'who it counts as: the impersonated user if there is one', 'who'],
  ['groups', 'Groups', 'groups of the user', 'who'],
  ['userAgent', 'Client', 'what the client says it is', 'who'],
  ['sourceIPs', 'Addresses', 'source addresses; only the last one is not just a claim', 'who'],
  ['decklog.sourceIP', 'Address', 'the address that the connection came from', 'who'],
  ['verb', 'Verb', 'get, list, create, ...', 'what'],
  ['resource', 'Resource', 'pods, secrets, ...; pods/exec for a subresource', 'what'],
  ['subresource', 'Subresource', 'exec, status, ...', 'what'],
  ['apiGroup', 'API group', 'apps; none for the core group', 'what'],
  ['name', 'Name', 'name of the object', 'what'],
  ['namespace', 'Namespace', 'where the object is', 'where'],
  ['cluster', 'Cluster', 'where the log is from', 'where'],
  ['server', 'Server', 'which API server wrote it', 'where'],
  ['code', 'Status', 'HTTP status of the answer', 'how'],
  ['decision', 'Decision', 'allow or forbid', 'how'],
  ['requestURI', 'Request', 'path and query as sent', 'how', false],
  ['stage', 'Stage', 'ResponseComplete, ...', 'log'],
  ['level', 'Audit level', 'Metadata, Request, RequestResponse', 'log'],
  ['time', 'Time', 'when the request came in', 'log', false],
  ['stageTime', 'Stage time', "when this record's stage was reached", 'log', false],
  ['auditID', 'Audit id', 'id of the request in the log', 'log', false],
  ['id', 'Number', 'number of the event in this case', 'log', false],
  ['flag', 'Flag', 'what is odd about the record', 'log'],
];

/** Fields of the query language, for choosing, completing and facets. */
export const FIELD_LIST: readonly FieldInfo[] = [
  ...ROWS.map(([name, title, about, group, isColumn = true]) => ({ name, title, about, group, isColumn })),
  ...DERIVED_FIELDS.filter(({ name }) => !ROWS.some(([known]) => known === name)).map(
    ({ name, description }): FieldInfo => ({
      ...{ name, about: description.replaceAll('`', ''), isColumn: false, group: 'derived' },
      title: name.slice('decklog.'.length),
    }),
  ),
];
