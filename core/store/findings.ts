import { type Alert, type Coverage, LEVELS, type Level, type Status, type Wanted } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { Connection } from './connection.ts';
import { Incidents, type Stories } from './incidents.ts';
import { Marks } from './marks.ts';

/** An alert as detection makes it: all but what people decide about it. */
export interface Finding extends Omit<Alert, 'id' | 'status' | 'incident'> {
  /** Ids of the events that prove it. */
  readonly events: readonly number[];
}

/** A rule text that was run. */
export interface RunRule {
  readonly ruleId: string;
  readonly path: string;
  readonly sha256: Buffer;
  readonly text: string;
}

/** What a rule could have seen, with what a proposal of an audit policy needs. */
export interface CoverageRecord extends Coverage {
  readonly level: Level;
  readonly wanted: readonly Wanted[];
}

export interface AlertSelection {
  readonly minimumLevel?: Level;
  readonly status?: Status;
  /** A rule's id, or part of its title, in any case. */
  readonly rule?: string;
  readonly incident?: number;
  /** Those that a suppression hides, or those that none does; unset: all. */
  readonly isSuppressed?: boolean;
}

interface AlertRow {
  readonly id: number;
  readonly status: Status;
  readonly finding: string;
  readonly incident: number | null;
  readonly suppression: number | null;
  readonly suppressedBy: string | null;
  readonly suppressedFor: string | null;
}

const ALERTS = `SELECT alert.id, status, finding, incident_alert.incident,
    suppression.id AS suppression, suppression.examiner AS suppressedBy, suppression.reason AS suppressedFor
  FROM alert LEFT JOIN incident_alert ON incident_alert.alert = alert.id
  LEFT JOIN alert_suppression ON alert_suppression.alert = alert.id
  LEFT JOIN suppression ON suppression.id = alert_suppression.suppression`;

/** A decision that a new run has taken over from an alert of the run before. */
export interface Carried {
  readonly from: string;
  readonly to: string;
  readonly status: Status;
}

/** A decision that stood before a new run. */
interface Decided {
  readonly key: string;
  readonly ruleId: string;
  readonly status: Status;
  readonly reason: string;
  readonly events: ReadonlySet<number>;
}

/** Rules that were run over a case, what they found, and what people made of it. */
export class Findings {
  readonly incidents: Incidents;
  readonly #db: Connection;
  readonly #marks: Marks;

  constructor(db: Connection) {
    this.#db = db;
    this.#marks = new Marks(db);
    this.incidents = new Incidents(db);
  }

  /** Alerts by first time, then key. */
  list(selection: AlertSelection = {}): Alert[] {
    const rows = this.#db.prepare(`${ALERTS} ORDER BY first_time, key`).all() as AlertRow[];
    return rows.map(toAlert).filter((alert) => isSelected(alert, selection));
  }

  get(id: number): Alert {
    const row = this.#db.prepare(`${ALERTS} WHERE alert.id = ?`).get(id) as AlertRow | undefined;
    if (row !== undefined) return toAlert(row);
    throw new CaseError('alert/unknown', `There is no alert ${id} in this case.`, {
      hint: '`decklog alerts <case>` lists them.',
    });
  }

  /** Ids of the events that prove an alert, in the order of time. */
  proofOf(id: number): number[] {
    return this.#db
      .prepare(
        'SELECT event.id FROM alert_event JOIN event ON event.id = alert_event.event WHERE alert = ? ORDER BY event.time, event.elapsed, event.id',
      )
      .pluck()
      .all(id) as number[];
  }

  /** The text of a rule as it was run last. */
  ruleText(ruleId: string): string {
    return (
      (this.#db.prepare('SELECT text FROM run_rule WHERE rule_id = ? ORDER BY run DESC LIMIT 1').pluck().get(ruleId) as
        | string
        | undefined) ?? ''
    );
  }

  /** Files of rules and lists as they were run last, in their order. */
  rules(): { readonly id: string; readonly path: string; readonly sha256: string; readonly text: string }[] {
    return this.#db
      .prepare('SELECT rule_id AS id, path, lower(hex(sha256)) AS sha256, text FROM run_rule ORDER BY run, position')
      .all() as { id: string; path: string; sha256: string; text: string }[];
  }

  /** By rule id. */
  coverage(): Coverage[] {
    return this.coverageRecords().map(({ level: _, wanted: _wanted, ...row }) => row);
  }

  coverageRecords(): CoverageRecord[] {
    const rows = this.#db
      .prepare('SELECT rule_id, title, level, state, reason, events_seen, parts, wanted FROM coverage ORDER BY rule_id')
      .all() as {
      rule_id: string;
      title: string;
      level: number;
      state: Coverage['state'];
      reason: string;
      events_seen: number;
      parts: string;
      wanted: string;
    }[];
    return rows.map((row) => ({
      rule: { id: row.rule_id, title: row.title },
      level: LEVELS[row.level] as Level,
      state: row.state,
      reason: row.reason,
      eventsSeen: row.events_seen,
      parts: JSON.parse(row.parts),
      wanted: JSON.parse(row.wanted),
    }));
  }

  /**
   * Puts a run's findings in the place of the run before; decisions go over to the alert of the same rule that shares most
   * events. Belongs into a transaction with its action.
   */
  replace(
    findings: readonly Finding[],
    coverage: readonly CoverageRecord[],
    rules: readonly RunRule[],
    stories: Stories,
  ): readonly Carried[] {
    const decided = this.#decided();
    this.incidents.clear();
    for (const table of ['alert_suppression', 'alert_event', 'alert', 'coverage', 'run_rule'])
      this.#db.exec(`DELETE FROM ${table}`);
    this.incidents.add(stories, this.#addAlerts(findings));
    this.#addCoverage(coverage);
    this.#addRules(rules);
    return decided.flatMap((old) => this.#carry(old, findings));
  }

  /** The highest level of an alert that each proving event proves, as its place in LEVELS. */
  levelByEvent(): ReadonlyMap<number, number> {
    const rows = this.#db
      .prepare('SELECT event, max(level) FROM alert_event JOIN alert ON alert.id = alert_event.alert GROUP BY event')
      .raw()
      .all() as [number, number][];
    return new Map(rows);
  }

  /** Alerts by id with their level, and the ids of the events that prove them. */
  proofs(): { readonly id: number; readonly level: Level; readonly events: readonly number[] }[] {
    const rows = this.#db
      .prepare(
        'SELECT alert, level, event FROM alert_event JOIN alert ON alert.id = alert_event.alert ORDER BY alert, event',
      )
      .all() as { alert: number; level: number; event: number }[];
    return [...Map.groupBy(rows, ({ alert }) => alert)].map(([id, members]) => ({
      id,
      level: LEVELS[members[0]?.level ?? 0] ?? 'informational',
      events: members.map(({ event }) => event),
    }));
  }

  /** Ids of the alerts that an event proves. */
  alertsOf(event: number): number[] {
    return this.#db
      .prepare('SELECT alert FROM alert_event WHERE event = ? ORDER BY alert')
      .pluck()
      .all(event) as number[];
  }

  reasonOf(id: number): string {
    return (this.#db.prepare('SELECT reason FROM alert WHERE id = ?').pluck().get(id) as string | undefined) ?? '';
  }

  setStatus(id: number, status: Status, reason: string): void {
    this.#db.prepare('UPDATE alert SET status = ?, reason = ? WHERE id = ?').run(status, reason, id);
  }

  /** Gives back the id of each alert's key. */
  #addAlerts(findings: readonly Finding[]): ReadonlyMap<string, number> {
    const addAlert = this.#db.prepare(
      "INSERT INTO alert (id, key, rule_id, level, first_time, status, reason, finding) VALUES (?, ?, ?, ?, ?, 'open', '', ?)",
    );
    const addEvents = this.#db.prepare('INSERT INTO alert_event (alert, event) SELECT ?, value FROM json_each(?)');
    const ordered = [...findings].sort((a, b) => (a.key < b.key ? -1 : 1));
    const addHidden = this.#db.prepare('INSERT INTO alert_suppression (alert, suppression) VALUES (?, ?)');
    ordered.forEach(({ events, suppressed, ...finding }, index) => {
      addAlert.run(
        index + 1,
        finding.key,
        finding.rule.id,
        LEVELS.indexOf(finding.level),
        firstTime(finding),
        JSON.stringify(finding),
      );
      addEvents.run(index + 1, JSON.stringify([...new Set(events)].sort((a, b) => a - b)));
      if (suppressed !== undefined) addHidden.run(index + 1, suppressed.id);
    });
    return new Map(ordered.map(({ key }, index) => [key, index + 1]));
  }

  #addCoverage(coverage: readonly CoverageRecord[]): void {
    const add = this.#db.prepare(
      `INSERT INTO coverage (rule_id, title, level, state, reason, events_seen, parts, wanted)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    for (const { rule, level, state, reason, eventsSeen, parts, wanted } of coverage) {
      const lists = [JSON.stringify(parts), JSON.stringify(wanted)];
      add.run(rule.id, rule.title, LEVELS.indexOf(level), state, reason, eventsSeen, ...lists);
    }
  }

  #addRules(rules: readonly RunRule[]): void {
    const add = this.#db.prepare(
      'INSERT INTO run_rule (run, position, rule_id, path, sha256, text) VALUES (1, ?, ?, ?, ?, ?)',
    );
    rules.forEach((rule, position) => {
      add.run(position, rule.ruleId, rule.path, rule.sha256, rule.text);
    });
  }

  #decided(): Decided[] {
    const rows = this.#db
      .prepare(
        `SELECT id, key, rule_id AS ruleId, status, reason FROM alert
         WHERE status <> 'open' OR key IN (SELECT target FROM mark WHERE target_kind = 'alert' AND removed IS NULL) ORDER BY id`,
      )
      .all() as {
      id: number;
      key: string;
      ruleId: string;
      status: Status;
      reason: string;
    }[];
    return rows.map(({ id, ...row }) => ({ ...row, events: new Set(this.proofOf(id)) }));
  }

  #carry(old: Decided, findings: readonly Finding[]): Carried[] {
    const shared = (finding: Finding) => finding.events.filter((event) => old.events.has(event)).length;
    const heirs = findings
      .filter((finding) => finding.rule.id === old.ruleId && shared(finding) > 0)
      .sort((a, b) => shared(b) - shared(a) || (a.key < b.key ? -1 : 1));
    const heir = heirs[0];
    if (heir === undefined) return [];
    this.#db.prepare('UPDATE alert SET status = ?, reason = ? WHERE key = ?').run(old.status, old.reason, heir.key);
    if (heir.key !== old.key) this.#marks.move('alert', old.key, heir.key);
    return [{ from: old.key, to: heir.key, status: old.status }];
  }
}

const firstTime = (finding: Pick<Alert, 'firstTime'>): number | null => {
  const time = Date.parse(finding.firstTime);
  return Number.isNaN(time) ? null : time * 1000 + Number(finding.firstTime.slice(23, 26));
};

function toAlert(row: AlertRow): Alert {
  const { suppression, suppressedBy, suppressedFor } = row;
  return {
    id: row.id,
    ...JSON.parse(row.finding),
    status: row.status,
    incident: row.incident,
    ...(suppression !== null && { suppressed: { id: suppression, by: suppressedBy, reason: suppressedFor } }),
  };
}

function isSelected(alert: Alert, { minimumLevel, status, rule, incident, isSuppressed }: AlertSelection): boolean {
  if (minimumLevel !== undefined && LEVELS.indexOf(alert.level) < LEVELS.indexOf(minimumLevel)) return false;
  if (status !== undefined && alert.status !== status) return false;
  if (incident !== undefined && alert.incident !== incident) return false;
  if (isSuppressed !== undefined && (alert.suppressed !== undefined) !== isSuppressed) return false;
  return rule === undefined || alert.rule.id === rule || alert.rule.title.toLowerCase().includes(rule.toLowerCase());
}
