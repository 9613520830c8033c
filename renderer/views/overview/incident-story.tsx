import { Fragment, type ReactNode, useState } from 'react';
import type { IncidentDetail, IncidentLine } from '../../../core/contract/incident-calls.ts';
import { type BlastRadius, LEVELS } from '../../../core/contract/rows.ts';
import type { EntityRef } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered, Empty } from '../../parts/state.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { rangeParams, type SearchParams } from '../../search-params.ts';
import { userEntity } from '../../words/entity-of-field.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { clockSeconds, duration, microseconds, range as rangeText } from '../../words/time.ts';

/** The gravest first, then by time. */
export function byGravity(lines: readonly IncidentLine[]): readonly IncidentLine[] {
  return [...lines].sort(
    (a, b) =>
      LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
      b.open - a.open ||
      (a.firstTime ?? 0) - (b.firstTime ?? 0) ||
      a.id - b.id,
  );
}

/** The gravest incident told whole; in its place, what to do where there is none. */
export function FirstIncident({ lines }: { readonly lines: readonly IncidentLine[] }): ReactNode {
  const { go } = usePlace();
  const first = byGravity(lines)[0];
  const detail = useCall('incidents/detail', { id: first?.id ?? 0 }, { isOn: first !== undefined, keeps: true });
  if (first === undefined) {
    return (
      <Empty title="No incident: no alerts belong together.">
        <div className="row" style={{ marginTop: 6 }}>
          <button type="button" className="btn" onClick={() => go('alerts')}>
            Look at the alerts
          </button>
          <button type="button" className="btn" onClick={() => go('rules', { tab: 'blind' })}>
            See what could not have fired
          </button>
        </div>
      </Empty>
    );
  }
  return (
    <Answered call={detail} rows={6}>
      {(data) => <Story data={data} />}
    </Answered>
  );
}

function Story({ data }: { readonly data: IncidentDetail }): ReactNode {
  const { line, incident } = data;
  const { go } = usePlace();
  const span = line.firstTime === null || line.lastTime === null ? null : { from: line.firstTime, to: line.lastTime };
  return (
    <section className="sec" aria-label={`Incident ${line.id}`}>
      <h2 className="incident-title">
        <SeverityMark level={line.level} size={18} />
        <span className="grow">
          <EvidenceText>{line.title}</EvidenceText>
        </span>
        <small className="mono t2">INC-{line.id}</small>
      </h2>
      <div className="row t2 tn">
        {span === null ? null : (
          <>
            <span>{rangeText(span.from, span.to)} UTC</span>
            <span className="t3">·</span>
            <span>{duration(span.to - span.from)}</span>
            <span className="t3">·</span>
          </>
        )}
        <span>
          {counted(line.alerts, 'alert')}, {counted(line.events, 'event')}
        </span>
        <span className="t3 x-s">·</span>
        <span className="x-s">{count(line.open)} open</span>
      </div>
      <StoryText text={incident.story} names={[...incident.identities, ...incident.addresses]} />
      <Steps data={data} />
      <Reach radius={incident.blastRadius} />
      <div className="row">
        <button
          type="button"
          className="btn primary"
          onClick={() =>
            go(
              'timeline',
              span === null
                ? {}
                : (rangeParams({ from: span.from - 60_000_000, to: span.to + 60_000_000 }) as SearchParams),
            )
          }
        >
          <Icon name="timeline" />
          Open on the timeline
        </button>
        <button type="button" className="btn" onClick={() => go('alerts', { incident: line.id })}>
          {line.open > 0 ? counted(line.open, 'open alert') : counted(line.alerts, 'alert')}
        </button>
        {incident.nextChecks.length === 0 ? null : (
          <details className="next-checks">
            <summary className="btn">What to check next</summary>
            <ul className="card">
              {incident.nextChecks.map((check) => (
                <li key={check}>
                  <EvidenceText>{check}</EvidenceText>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

const SHOWN_PARAGRAPHS = 3;

/** The story as prose, identities and addresses as links; a long one opens on a press. */
export function StoryText({ text, names }: { readonly text: string; readonly names: readonly string[] }): ReactNode {
  const [isWhole, setWhole] = useState(false);
  const paragraphs = text.split('\n').filter((paragraph) => paragraph.trim() !== '');
  const shown = isWhole ? paragraphs : paragraphs.slice(0, SHOWN_PARAGRAPHS);
  return (
    <div className={isWhole ? 'story' : 'story short'}>
      {shown.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one text have no other name
        <StoryParagraph key={index} text={paragraph} names={names} />
      ))}
      {paragraphs.length > SHOWN_PARAGRAPHS || isWhole ? (
        <button type="button" className="btn quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Less' : `The whole story, ${counted(paragraphs.length, 'part')}`}
        </button>
      ) : null}
    </div>
  );
}

function StoryParagraph({ text, names }: { readonly text: string; readonly names: readonly string[] }): ReactNode {
  const { go } = usePlace();
  return (
    <p>
      {splitByNames(text, names).map((piece, index) =>
        piece.name === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          <Fragment key={index}>
            <EvidenceText>{piece.text}</EvidenceText>
          </Fragment>
        ) : (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
            key={index}
            type="button"
            className="link"
            onClick={() => go('entities', entitySearch(nameEntity(piece.name ?? '')))}
          >
            <EvidenceText>{piece.text}</EvidenceText>
          </button>
        ),
      )}
    </p>
  );
}

function nameEntity(name: string): EntityRef {
  return isAddress(name) ? { kind: 'address', name } : userEntity(name);
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || (name.includes(':') && /^[0-9a-f:.]+$/i.test(name));
}

interface Piece {
  readonly text: string;
  readonly name: string | null;
}

/** Cuts a text where a name, whole or short, stands as a word. */
export function splitByNames(text: string, names: readonly string[]): readonly Piece[] {
  const forms = names
    .flatMap((name) => [...new Set([name, shortUser(name)])].map((form) => ({ form, name })))
    .filter(({ form }) => form.length > 2);
  forms.sort((a, b) => b.form.length - a.form.length || (a.form < b.form ? -1 : 1));
  const pieces: Piece[] = [];
  let plain = '';
  let at = 0;
  const isEdge = (character: string | undefined): boolean => character === undefined || !/[\w@:-]/.test(character);
  while (at < text.length) {
    const found = isEdge(text[at - 1])
      ? forms.find(({ form }) => text.startsWith(form, at) && isEdge(text[at + form.length]))
      : undefined;
    if (found === undefined) {
      plain += text[at++];
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, name: null });
    plain = '';
    pieces.push({ text: found.form, name: found.name });
    at += found.form.length;
  }
  return plain === '' ? pieces : [...pieces, { text: plain, name: null }];
}

const MOST_STEPS = 7;

function Steps({ data }: { readonly data: IncidentDetail }): ReactNode {
  const { go } = usePlace();
  const steps = tellingSteps(data);
  if (steps.length === 0) return null;
  return (
    <ol
      className="steps"
      aria-label="Steps of the incident"
      style={{ gridTemplateColumns: `repeat(${steps.length}, minmax(0, 1fr))` }}
    >
      {steps.map((step) => {
        const alert = step.alerts[0];
        return (
          <li key={`${step.time} ${step.sentence}`}>
            <button
              type="button"
              disabled={alert === undefined}
              title={step.sentence}
              onClick={() => alert !== undefined && go('alerts', { alert })}
            >
              <b>{(step.tactics[0] ?? '').replaceAll('-', ' ')}</b>
              <span className="w">
                <EvidenceText>{step.sentence}</EvidenceText>
              </span>
              <time>
                <SeverityMark level={step.level} size={12} />
                {clockSeconds(microseconds(step.time))}
              </time>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** The gravest step of each tactic, in the order of time. */
function tellingSteps(data: IncidentDetail): IncidentDetail['incident']['steps'] {
  const byTactic = new Map<string, IncidentDetail['incident']['steps'][number]>();
  for (const step of data.incident.steps) {
    if (step.isAftermath === true) continue;
    const tactic = step.tactics[0] ?? '';
    const known = byTactic.get(tactic);
    if (known === undefined || LEVELS.indexOf(step.level) > LEVELS.indexOf(known.level)) byTactic.set(tactic, step);
  }
  const chosen = [...byTactic.values()]
    .sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || (a.time < b.time ? -1 : 1))
    .slice(0, MOST_STEPS);
  return chosen.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

function Reach({ radius }: { readonly radius: BlastRadius }): ReactNode {
  const facts: readonly (readonly [number, string, boolean])[] = [
    [radius.cut?.['identities'] ?? radius.identities.length, 'identities used', false],
    [radius.cut?.['secrets'] ?? radius.secrets.length, 'secrets read', false],
    [radius.cut?.['workloads'] ?? radius.workloads.length, 'workloads touched', false],
    [radius.namespaces.length, 'namespaces', false],
    [radius.nodes.length, 'nodes', false],
    [radius.cut?.['persistence'] ?? radius.persistence.length, 'ways back left', true],
  ];
  return (
    <div className="facts tn">
      {facts
        .filter(([number]) => number > 0)
        .map(([number, title, isBad]) => (
          <div key={title}>
            <b className={isBad ? 'fault' : undefined}>{count(number)}</b>
            <span>{title}</span>
          </div>
        ))}
    </div>
  );
}

/** All incidents but the first, and what belongs to none. */
export function IncidentTable({ lines }: { readonly lines: readonly IncidentLine[] }): ReactNode {
  const { go } = usePlace();
  const counts = useCall('alerts/counts', { filter: { incidents: [0] } }, { keeps: true }).data;
  const others = byGravity(lines).slice(1);
  if (others.length === 0 && (counts === undefined || counts.total === 0)) return null;
  return (
    <table aria-label="Other incidents" className="incidents">
      <colgroup>
        <col style={{ width: 74 }} />
        <col />
        <col style={{ width: 196 }} />
        <col style={{ width: 58 }} />
        <col style={{ width: 84 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Incident</th>
          <th scope="col">What</th>
          <th scope="col">When (UTC)</th>
          <th scope="col" className="num">
            Alerts
          </th>
          <th scope="col">Status</th>
        </tr>
      </thead>
      <tbody>
        {others.slice(0, 8).map((line) => (
          <tr key={line.id}>
            <td className="mono">INC-{line.id}</td>
            <td>
              <SeverityMark level={line.level} />{' '}
              <button type="button" className="link" onClick={() => go('alerts', { incident: line.id })}>
                <EvidenceText>{line.title}</EvidenceText>
              </button>
            </td>
            <td className="t2 tn">
              {line.firstTime === null || line.lastTime === null ? '' : rangeText(line.firstTime, line.lastTime)}
            </td>
            <td className="num">{count(line.alerts)}</td>
            <td className="t2 tn">{count(line.open)} open</td>
          </tr>
        ))}
        {counts === undefined || counts.total === 0 ? null : (
          <tr>
            <td className="t3">none</td>
            <td>
              <button type="button" className="link" onClick={() => go('alerts', { incident: 0 })}>
                Alerts that belong to no incident
              </button>
            </td>
            <td className="t2 tn" />
            <td className="num">{count(counts.total)}</td>
            <td className="t2 tn">{count(counts.open)} open</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
