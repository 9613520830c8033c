import { LEVELS, type Level } from '../../contract/rows.ts';
import type { Finding } from '../../store/findings.ts';

/** ATT&CK's tactics as an intrusion goes through them. */
const KILL_CHAIN = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
];

/** The tactics of alerts, in the order of the kill chain. */
export function tacticsOf(findings: readonly Finding[]): string[] {
  const found = new Set(findings.flatMap(({ tactics }) => tactics));
  const place = (tactic: string) => (KILL_CHAIN.includes(tactic) ? KILL_CHAIN.indexOf(tactic) : KILL_CHAIN.length);
  return [...found].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** So many grave alerts over so many tactics are worse than each alone. */
const GRAVE = { alerts: 3, tactics: 4 };

/** The level of the worst alert; critical where several grave ones go far along the kill chain. */
export function levelOf(findings: readonly Finding[]): Level {
  const worst = LEVELS[Math.max(...findings.map(({ level }) => LEVELS.indexOf(level)))] as Level;
  const grave = findings.filter(({ level }) => level === 'high' || level === 'critical');
  const isDeep = grave.length >= GRAVE.alerts && tacticsOf(findings).length >= GRAVE.tactics;
  return isDeep ? 'critical' : worst;
}
