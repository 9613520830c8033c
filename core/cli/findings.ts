import { type Alert, type Coverage, LEVELS, type Level, type RunWarning } from '../contract/rows.ts';
import { visible } from '../text.ts';
import type { Call } from './call.ts';
import { LEVEL_STYLES } from './paint.ts';
import { count, counted, listed, span } from './words.ts';

/** Levels of which each alert is shown in full; lower ones are summed up by rule. */
const SHOWN_IN_FULL: readonly Level[] = ['critical', 'high', 'medium'];
/** More alerts of one rule than this are left to `alerts`. */
const MOST_OF_A_RULE = 4;
/** Audit ids that an alert lists at most. */
const MOST_LISTED = 10_000;

/** Alerts that no one has dismissed or explained, at that level or above. */
export function standing(alerts: readonly Alert[], level: Level): readonly Alert[] {
  const least = LEVELS.indexOf(level);
  const isOpen = ({ status, suppressed }: Alert) =>
    (status === 'open' || status === 'confirmed') && suppressed === undefined;
  return alerts.filter((alert) => isOpen(alert) && LEVELS.indexOf(alert.level) >= least);
}

/** The first alert of the highest level. */
export function worstOf(alerts: readonly Alert[]): Alert | undefined {
  const height = (alert: Alert) => LEVELS.indexOf(alert.level);
  return alerts.reduce<Alert | undefined>(
    (worst, alert) => (worst && height(worst) >= height(alert) ? worst : alert),
    undefined,
  );
}

/** The findings of a case, the worst first, each with the commands that lead on. */
export function findingLines(casePath: string, alerts: readonly Alert[], call: Call): string[] {
  if (alerts.length === 0) return ['No rule has found anything.'];
  const lines = [`${counted(alerts.length, 'alert')}: ${listed(levelCounts(alerts, call))}.`];
  for (const level of [...LEVELS].reverse()) {
    const group = alerts.filter((alert) => alert.level === level);
    if (group.length > 0) lines.push('', ...levelLines(casePath, level, group, call));
  }
  return lines;
}

function levelCounts(alerts: readonly Alert[], call: Call): string[] {
  return [...LEVELS].reverse().flatMap((level) => {
    const found = alerts.filter((alert) => alert.level === level).length;
    return found === 0 ? [] : [`${count(found)} ${call.paint(level, ...LEVEL_STYLES[level])}`];
  });
}

function levelLines(casePath: string, level: Level, alerts: readonly Alert[], call: Call): string[] {
  const head = call.paint(level.toUpperCase(), ...LEVEL_STYLES[level]);
  if (!SHOWN_IN_FULL.includes(level)) {
    const more = call.paint(call.next('alerts', casePath, '--level', level), 'dim');
    return [head, ...ruleCounts(alerts), `  ${more}`];
  }
  const byRule = Map.groupBy(alerts, (alert) => alert.rule.id);
  return [head, ...[...byRule.values()].flatMap((found) => ruleLines(casePath, found, call))];
}

/** What one rule has found, the first of it. */
function ruleLines(casePath: string, alerts: readonly Alert[], call: Call): string[] {
  const [first] = alerts;
  const rest = alerts.length - MOST_OF_A_RULE;
  const more = `    and ${count(rest)} more: ${call.next('alerts', casePath, '--rule', first?.rule.id ?? '')}`;
  const shown = alerts.slice(0, MOST_OF_A_RULE).flatMap((alert) => shortLines(alert, call));
  return [`  ${call.paint(visible(first?.rule.title ?? ''), 'bold')}`, ...shown, ...(rest > 0 ? [more] : [])];
}

function shortLines(alert: Alert, call: Call): string[] {
  const number = `#${alert.id}`;
  const status = alert.status === 'open' ? '' : ` [${alert.status}]`;
  const indent = ' '.repeat(number.length);
  return [
    `    ${number} ${visible(`${who(alert)} on ${what(alert)}, ${alert.outcome}${status}`)}`,
    `    ${indent} ${call.paint(visible(`${when(alert)}, from ${where(alert)}; proof ${proof(alert)}`), 'dim')}`,
  ];
}

function ruleCounts(alerts: readonly Alert[]): string[] {
  const counts = new Map<string, number>();
  for (const { rule } of alerts) counts.set(rule.title, (counts.get(rule.title) ?? 0) + 1);
  return [...counts].map(([title, found]) => `  ${count(found)} x ${visible(title)}`);
}

/** Who did what, from where, when, and what proves it. */
export function alertLines(alert: Alert, call: Call): string[] {
  const title = `  ${call.paint(`#${alert.id}`, 'bold')} ${visible(alert.title)}`;
  const rows = [
    ['who', who(alert)],
    ['what', `${what(alert)} (${alert.outcome})`],
    ['where', where(alert)],
    ['when', when(alert)],
    ['proof', proof(alert)],
  ] as const;
  const status = alert.status === 'open' ? '' : ` [${alert.status}]`;
  return [title + status, ...rows.map(([head, text]) => `       ${head.padEnd(6)} ${visible(text)}`)];
}

/** Limits that a run reached: what it says holds only within them. */
export const warningLines = (warnings: readonly RunWarning[]): string[] =>
  warnings.length === 0 ? [] : ['', ...warnings.map(({ text }) => `Warning: ${visible(text)}`)];

export function who({ user, users, identities = users.length, impersonatedUser }: Alert): string {
  const name = user === '' ? 'no identity (not authenticated)' : user;
  const others = identities > 1 ? `, and ${counted(identities - 1, 'other')}` : '';
  return impersonatedUser === null ? name + others : `${name} as ${impersonatedUser}${others}`;
}

export function what({ namespace, object }: Alert): string {
  if (object === null) return namespace ?? 'the cluster';
  return namespace === null ? object : `${namespace}/${object}`;
}

function where({ sourceIPs, cluster }: Alert): string {
  const addresses = sourceIPs.length === 0 ? 'unknown address' : sourceIPs.slice(0, 4).join(', ');
  const rest = sourceIPs.length > 4 ? ` and ${count(sourceIPs.length - 4)} more` : '';
  return cluster === null ? addresses + rest : `${addresses}${rest}, cluster ${cluster}`;
}

function when({ firstTime, lastTime, count: requests }: Alert): string {
  return `${span(firstTime, lastTime)}, ${counted(requests, 'request')}`;
}

function proof({ auditIDs, count: requests }: Alert): string {
  const all = auditIDs.length < MOST_LISTED ? auditIDs.length : requests;
  const rest = all > 1 ? ` and ${count(all - 1)} more` : '';
  return `${auditIDs[0] ?? 'none'}${rest}`;
}

/** How much of what the rules look for this evidence could show. */
export function coverageLine(coverage: readonly Coverage[]): string {
  const of = (state: Coverage['state']) => coverage.filter((entry) => entry.state === state).length;
  const parts = [`${count(of('fired'))} fired`, `${count(of('clean'))} found nothing`];
  const verb = of('blind') === 1 ? 'was' : 'were';
  const blind = of('blind') > 0 ? [`${count(of('blind'))} ${verb} blind: this log cannot show what they look for`] : [];
  return `Of ${counted(coverage.length, 'rule')} ${listed([...parts, ...blind])}.`;
}

/** The query for all that an identity did. */
export function userQuery(user: string): string {
  if (user === '') return 'not user:*';
  return /[\s()"*?\\]/.test(user) ? `user:"${user.replace(/["\\]/g, '\\$&')}"` : `user:${user}`;
}
