import { type IdentityLink, type Incident, type IncidentStep, LEVELS } from '../contract/rows.ts';
import { CaseError } from '../fault.ts';
import type { Connection } from './connection.ts';

/** An incident as detection makes it: alerts are named by their keys, since ids are given when they are stored. */
export interface IncidentDraft extends Omit<Incident, 'id' | 'alerts' | 'steps'> {
  readonly alerts: readonly string[];
  readonly steps: readonly (Omit<IncidentStep, 'alerts'> & { readonly alerts: readonly string[] })[];
}

/** What a run has found out about who acts with whose means, and which alerts are one story. */
export interface Stories {
  readonly incidents: readonly IncidentDraft[];
  readonly links: readonly IdentityLink[];
}

/** The incidents and identity links of a case. */
export class Incidents {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Incidents by first time, then key. */
  list(): Incident[] {
    const rows = this.#db.prepare('SELECT id, story FROM incident ORDER BY first_time, key').all();
    return (rows as { id: number; story: string }[]).map(toIncident);
  }

  get(id: number): Incident {
    const row = this.#db.prepare('SELECT id, story FROM incident WHERE id = ?').get(id);
    if (row !== undefined) return toIncident(row as { id: number; story: string });
    throw new CaseError('incident/unknown', `There is no incident ${id} in this case.`, {
      hint: '`decklog incidents <case>` lists them.',
    });
  }

  /** Who acts with what another identity made, took or allowed, by time. */
  links(): IdentityLink[] {
    const rows = this.#db.prepare('SELECT link FROM identity_link ORDER BY id').pluck().all() as string[];
    return rows.map((row) => JSON.parse(row) as IdentityLink);
  }

  clear(): void {
    for (const table of ['incident_alert', 'incident', 'identity_link']) this.#db.exec(`DELETE FROM ${table}`);
  }

  /** Belongs into the transaction that stores the alerts; `alertId` knows the id of an alert's key. */
  add({ incidents, links }: Stories, alertId: ReadonlyMap<string, number>): void {
    const idOf = (key: string) => alertId.get(key) as number;
    const addIncident = this.#db.prepare(
      'INSERT INTO incident (id, key, level, first_time, story) VALUES (?, ?, ?, ?, ?)',
    );
    const addAlert = this.#db.prepare('INSERT INTO incident_alert (incident, alert) VALUES (?, ?)');
    const ordered = [...incidents].sort((a, b) => (a.key < b.key ? -1 : 1));
    ordered.forEach((draft, index) => {
      const alerts = draft.alerts.map(idOf);
      const steps = draft.steps.map((step) => ({ ...step, alerts: step.alerts.map(idOf) }));
      const time = Date.parse(draft.firstTime) * 1000 + Number(draft.firstTime.slice(23, 26));
      const story = JSON.stringify({ ...draft, alerts, steps });
      addIncident.run(index + 1, draft.key, LEVELS.indexOf(draft.level), Number.isNaN(time) ? null : time, story);
      for (const alert of alerts) addAlert.run(index + 1, alert);
    });
    const addLink = this.#db.prepare('INSERT INTO identity_link (id, kind, certainty, link) VALUES (?, ?, ?, ?)');
    links.forEach((link, index) => {
      addLink.run(index + 1, link.kind, link.certainty, JSON.stringify(link));
    });
  }
}

const toIncident = ({ id, story }: { id: number; story: string }): Incident => ({ id, ...JSON.parse(story) });
