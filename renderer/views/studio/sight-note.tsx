import type { ReactNode } from 'react';
import type { CheckedText, Preview, Sight } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { count, counted } from '../../words/number.ts';

/** What the rule needs, whether this case can show it, what it costs and which rules look at the same events. */
export function SightNote({
  needs,
  sight,
  preview,
}: {
  readonly needs: CheckedText['needs'];
  readonly sight: Sight | null;
  readonly preview: Preview | null;
}): ReactNode {
  if (needs === null) return null;
  return (
    <section className="studio-sight" aria-label="Coverage and cost">
      <p>
        <b>Needs</b> <span className="t2">{needsText(needs)}</span>
      </p>
      {sight === null ? (
        <p className="t3">looking at what this case can show…</p>
      ) : (
        <>
          {sight.coverage.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules may have one title
            <Coverage key={index} one={one} isOnly={sight.coverage.length === 1} events={preview?.events ?? 0} />
          ))}
          <p>
            <b>Cost</b>{' '}
            <span className="t2">
              {sight.cost === null
                ? 'not known: the case has no events'
                : `${costText(sight.cost.msPerMillionEvents)} a million events, measured on ${count(sight.cost.events)}`}
            </span>
          </p>
          <p>
            <b>Overlaps</b> <span className="t2">{overlapText(sight)}</span>
          </p>
        </>
      )}
    </section>
  );
}

function Coverage({
  one,
  isOnly,
  events,
}: {
  readonly one: Sight['coverage'][number];
  readonly isOnly: boolean;
  readonly events: number;
}): ReactNode {
  const state = isOnly && events > 0 ? 'fired' : one.state;
  const except = one.parts.map(({ from, to, reason }) => `${from.slice(0, 19)} to ${to.slice(0, 19)}: ${reason}`);
  return (
    <p title={except.join('\n')}>
      <span className={`state state-${state}`}>{state}</span>{' '}
      <span className="t2">
        {isOnly ? null : (
          <>
            <EvidenceText>{one.title}</EvidenceText>:{' '}
          </>
        )}
        {STATE_TEXT[state]} <EvidenceText>{one.reason}</EvidenceText>
        {except.length === 0 ? null : (
          <>
            {' '}
            It could not have fired <EvidenceText>{except[0] ?? ''}</EvidenceText>
            {except.length > 1 ? `; and ${counted(except.length - 1, 'other time')}` : ''}.
          </>
        )}
      </span>
    </p>
  );
}

const STATE_TEXT: Readonly<Record<'fired' | 'clean' | 'blind', string>> = {
  fired: 'This case shows it.',
  clean: 'This case could show it.',
  blind: 'No event of this case could meet it:',
};

function needsText({ level, bodies, resources, stages, annotations }: NonNullable<CheckedText['needs']>): string {
  return [
    `level ${level}${bodies ? ' with bodies' : ''}`,
    resources.length === 0 ? 'any resource' : some(resources),
    stages.length === 0 ? '' : `stage ${some(stages)}`,
    some(annotations),
  ]
    .filter(Boolean)
    .join('; ');
}

const SHOWN = 4;
const TOLD = 3;

const some = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;

const costText = (ms: number): string => (ms >= 100 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`);

function overlapText({ overlaps, looked, ofProven }: Sight): string {
  const of = looked < ofProven ? ` (${count(looked)} of ${count(ofProven)} events with alerts looked at)` : '';
  if (ofProven === 0) return 'none: the case has no alerts yet';
  if (overlaps.length === 0) return `no rule that has raised alerts here${of}`;
  const told = overlaps
    .slice(0, TOLD)
    .map(({ title, both, of: all }) => `“${title}” in ${both} of ${counted(all, 'event')}`);
  const more = overlaps.length > TOLD ? ` and ${counted(overlaps.length - TOLD, 'other rule')}` : '';
  return told.join(', ') + more + of;
}
