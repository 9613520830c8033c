import { type Archive, tellStories } from '../detect/incidents/tell-stories.ts';
import { factsOf } from '../detect/links/facts.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { Finding } from '../store/findings.ts';
import type { Stories } from '../store/incidents.ts';
import { eventOf } from './event-rows.ts';
import { KnownEvents } from './proven-hit.ts';

/** Findings with who really acted, and the stories that they are part of. */
export interface ToldFindings {
  readonly findings: readonly Finding[];
  readonly stories: Stories;
  readonly warnings: readonly string[];
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
  return { findings: told, stories, warnings };
}

function archiveOf({ events, strands }: CaseStore, known: KnownEvents): Archive {
  return {
    strands: () => strands.strands(),
    fieldsOf: (id) => known.get(id),
    factsOf(ids) {
      const sorted = [...new Set(ids)].sort((a, b) => a - b);
      return new Map(sorted.map((id) => [id, factsOf(eventOf(events, id))]));
    },
    deeds: (request) => strands.deeds(request),
    deedsOn: (names, isWanted, most) => strands.deedsOn(names, isWanted, most),
    deedsOf: (isWanted, most) => strands.deedsOf(isWanted, most),
  };
}
