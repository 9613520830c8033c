import type { RunWarning } from '../contract/rows.ts';
import { type Archive, tellStories } from '../detect/incidents/tell-stories.ts';
import { factsOf } from '../detect/links/facts.ts';
import { listName, valuesOf } from '../detect/load-rules.ts';
import { CONTROLLERS, controllersOf } from '../detect/pack.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { Finding } from '../store/findings.ts';
import type { Stories } from '../store/incidents.ts';
import { eventOf } from './event-rows.ts';
import { giveBack } from './give-back.ts';
import { KnownEvents } from './proven-hit.ts';

/** Findings with who really acted, and the stories that they are part of. */
export interface ToldFindings {
  readonly findings: readonly Finding[];
  readonly stories: Stories;
  readonly warnings: readonly RunWarning[];
}

/** Joins the alerts of a run. The events must be in the case already; the alerts need not. */
export function tellOf(
  store: CaseStore,
  findings: readonly Finding[],
  isController: (user: string) => boolean,
  known = new KnownEvents(store.events),
): ToldFindings {
  const { actors, stories, warnings } = tellStories(findings, archiveOf(store, known), isController);
  const told = findings.map((finding) => {
    const actor = actors.get(finding.key);
    return actor === undefined ? finding : { ...finding, actor };
  });
  return { findings: told, stories, warnings: warnings.map((text) => ({ kind: 'links', text })) };
}

/** Joins the alerts that a case holds anew, since others of them are hidden now. Belongs into a transaction. */
export function tellAgain(store: CaseStore): void {
  const alerts = store.findings.list();
  const findings = alerts.map((alert) => ({ ...alert, events: store.findings.proofOf(alert.id) }));
  const { stories } = tellOf(store, findings, controllersOf({ [CONTROLLERS]: controllersAsRun(store) }));
  store.findings.incidents.clear();
  store.findings.incidents.add(stories, new Map(alerts.map(({ key, id }) => [key, id])));
}

/** The list of controllers that the last run knew: that of its files, with the values of the case. */
function controllersAsRun({ findings, settings }: CaseStore): (string | number)[] {
  const sources = findings.rules().filter((source) => /(^|\/)lists\/[^/]+$/.test(source.path));
  const named = sources.filter((source) => listName(source) === CONTROLLERS);
  const isOwn = ({ path }: { readonly path: string }) => path.startsWith('case/lists/');
  const shipped = settings.replacedLists().includes(CONTROLLERS)
    ? []
    : named.filter((source) => !isOwn(source)).slice(-1);
  return [...shipped, ...named.filter(isOwn)].flatMap(valuesOf);
}

function archiveOf({ events, strands }: CaseStore, known: KnownEvents): Archive {
  return {
    strands() {
      giveBack();
      const rows = strands.strands();
      giveBack();
      return rows;
    },
    fieldsOf: (id) => known.get(id),
    factsOf(ids) {
      giveBack();
      const sorted = [...new Set(ids)].sort((a, b) => a - b);
      return new Map(sorted.map((id) => [id, factsOf(eventOf(events, id))]));
    },
    deeds: (request) => strands.deeds(request),
    deedsOn: (names, isWanted, most) => strands.deedsOn(names, isWanted, most),
    deedsOf: (isWanted, most) => strands.deedsOf(isWanted, most),
  };
}
