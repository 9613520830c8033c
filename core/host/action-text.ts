import type { ActionRow } from '../contract/case-calls.ts';
import type { Action } from '../store/actions.ts';

/** An action as people and machines are shown it. */
export function toActionRow(action: Action): ActionRow {
  const { id, time, examiner, name, detail, hash } = action;
  return { id, time, examiner, name, text: actionText(action), detail, hash };
}

/** An action in one sentence; what is not known here is told by its name and facts. */
export function actionText({ name, detail }: Pick<Action, 'name' | 'detail'>): string {
  const read = (key: string) => detail[key];
  switch (name) {
    case 'case/create':
      return 'made the case';
    case 'evidence/import':
      return `imported ${listed(read('paths'))}: ${count(read('events'), 'event')}`;
    case 'rules/run':
      return `ran ${count(read('rules'), 'rule file')} over ${count(read('events'), 'event')}${keptText(read('kept'))}: ${count(read('alerts'), 'alert')}`;
    case 'alert/status':
      return `called ${alertsOf(read('alerts'), read('alert'))} ${read('to')}${because(read('reason'))}`;
    case 'mark/add':
      return `put ${markText(read('kind'), read('text'))} on ${targets(read('targets'))}`;
    case 'mark/remove':
      return `took ${markText(read('kind'), read('text'))} off ${targets(read('targets'))}`;
    case 'mark/edit':
      return `wrote a ${read('kind')} anew`;
    case 'query/save':
      return `kept the query "${read('name')}"`;
    case 'query/forget':
      return `forgot the query "${read('name')}"`;
    case 'suppression/add':
      return `hid ${count(read('hides'), 'alert')} by suppression ${read('suppression')}${because(read('reason'))}`;
    case 'suppression/remove':
      return `took suppression ${read('suppression')} out of force${because(read('reason'))}`;
    case 'list/change':
      return `changed the list ${read('list')}${because(read('note'))}`;
    case 'rule/save':
      return `saved version ${read('version')} of ${read('path')}${because(read('reason'))}`;
    case 'rule/write':
      return `wrote the rule file ${read('path')}${because(read('reason'))}`;
    case 'rule/import':
      return `brought in ${many(read('rules'), 'rule')} of a pack${because(read('reason'))}`;
    case 'rule/remove':
      return `took ${read('path')} out of the case${because(read('reason'))}`;
    case 'rule/set':
      return `${read('isEnabled') ? `set the rule ${read('rule')} to ${read('level') ?? 'its own level'}` : `switched the rule ${read('rule')} off`}${because(read('reason'))}`;
    case 'foreign/add':
      return `brought in ${count(read('alerts'), 'alert')} of another tool from ${read('file')}`;
    case 'foreign/remove':
      return `took the alerts of another tool from ${read('file')} out of sight${because(read('reason'))}`;
    case 'case/seal':
      return `sealed the case${because(read('reason'))}`;
    case 'annotation/merge':
      return `merged annotations: ${count(read('added'), 'mark')} and ${count(read('decided'), 'decision')}`;
    case 'action/undo':
      return `took back action ${read('action')}`;
    case 'call/refused':
      return `a reader asked for ${read('call')} and was refused${Number(read('times')) > 1 ? ` ${read('times')} times` : ''}`;
    case 'export':
      return `exported ${read('what')}: ${read('name')}`;
    default:
      return factsOf(name, detail);
  }
}

/** Of how many events nothing was read again, since the case had kept what they meet. */
const keptText = (kept: unknown): string => (kept ? `, of which ${count(kept, 'event')} as matched before` : '');

const because = (reason: unknown): string => (reason ? `: ${reason}` : '');

function count(value: unknown, what: string): string {
  return `${Number(value ?? 0).toLocaleString('en-US')} ${what}${value === 1 ? '' : 's'}`;
}

function listed(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}

const many = (value: unknown, what: string): string => count(Array.isArray(value) ? value.length : 0, what);

function alertsOf(many: unknown, one: unknown): string {
  if (!Array.isArray(many)) return `alert ${String(one).slice(0, 12)}`;
  return many.length === 1 ? 'an alert' : `${many.length} alerts`;
}

function markText(kind: unknown, text: unknown): string {
  return kind === 'tag' ? `the tag "${text}"` : `a ${kind}`;
}

function targets(value: unknown): string {
  if (!Array.isArray(value)) return 'something';
  const kinds = [...new Set(value.map((target) => String(target?.kind)))].join(' and ');
  return `${value.length} ${kinds}${value.length === 1 ? '' : 's'}`;
}

function factsOf(name: string, detail: Action['detail']): string {
  const facts = Object.entries(detail).filter(([key, value]) => key !== 'roots' && isPlain(value));
  return [name, ...facts.map(([key, value]) => `${key} ${value}`)].join(', ');
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
