import { type Archive, tellStories } from '../detect/incidents/tell-stories.ts';
import { factsOf } from '../detect/links/facts.ts';
import type { CaseStore } from '../store/case-store.ts';
import type { EventFields } from '../store/event-reader.ts';
import type { Finding } from '../store/findings.ts';
import type { Stories } from '../store/incidents.ts';
import { eventOf } from './event-rows.ts';

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
): ToldFindings {
  const { actors, stories, warnings } = tellStories(findings, archiveOf(store), isController);
  const told = findings.map((finding) => {
    const actor = actors.get(finding.key);
    return actor === undefined ? finding : { ...finding, actor };
  });
  return { findings: told, stories, warnings };
}

/** Events remembered while stories are told. */
const MOST_REMEMBERED = 100_000;

function archiveOf({ events, strands }: CaseStore): Archive {
  const known = new Map<number, EventFields>();
  return {
    strands: () => strands.strands(),
    fieldsOf(id) {
      const found = known.get(id) ?? events.get(id);
      if (found !== undefined && known.size < MOST_REMEMBERED) known.set(id, found);
      return found;
    },
    factsOf: (id) => factsOf(eventOf(events, id)),
    deeds: (request) => strands.deeds(request),
    deedsOn: (names, isWanted, most) => strands.deedsOn(names, isWanted, most),
    deedsOf: (isWanted, most) => strands.deedsOf(isWanted, most),
  };
}
