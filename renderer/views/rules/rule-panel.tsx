import { type ReactNode, useMemo } from 'react';
import { techniqueTitle } from '../../../core/contract/attack-names.ts';
import { defenderName } from '../../../core/contract/defender-names.ts';
import type { RuleDetail } from '../../../core/contract/rule-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { LEVEL_WORDS, SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { usePlace } from '../../place.ts';
import { count, counted } from '../../words/number.ts';
import { RuleSettingForm } from '../studio/rule-setting.tsx';
import { yamlParts } from './yaml-parts.ts';

/** One rule: state, needs, source, tests. */
export function RulePanel({ id, onClose }: { readonly id: string; onClose(): void }): ReactNode {
  const detail = useCall('rules/detail', { id }, { keeps: true });
  return (
    <div className="panel-scroll">
      <Answered call={detail} rows={8}>
        {(data) => <Body data={data} onClose={onClose} />}
      </Answered>
    </div>
  );
}

function Body({ data, onClose }: { readonly data: RuleDetail; onClose(): void }): ReactNode {
  const { line, needs } = data;
  const { go, set } = usePlace();
  return (
    <>
      <div className="head panel-head">
        <h2>Rule</h2>
        <span className="chip">{line.origin}</span>
        <span className="grow" />
        <button type="button" className="btn" onClick={() => set({ edit: line.path })}>
          Open in the studio
        </button>
        <CopyButton text={data.text} what="Rule text" />
        <IconButton icon="close" label="Close the panel" onClick={onClose} />
      </div>
      <section className="sec">
        <h2 className="alert-title">
          <SeverityMark level={line.level} size={18} />
          <span>
            <EvidenceText>{line.title}</EvidenceText>
          </span>
        </h2>
        <p className="prose">
          <EvidenceText>{data.description}</EvidenceText>
        </p>
        <div className="row wrap" style={{ marginTop: 8 }}>
          <span className={`state state-${line.isOff ? 'not-run' : line.state.replace(' ', '-')}`}>
            {line.isOff ? 'off' : line.state}
          </span>
          <span className="t2">
            <EvidenceText>{line.reason}</EvidenceText>
          </span>
        </div>
        <div className="row" style={{ marginTop: 8 }}>
          <button
            type="button"
            className="btn"
            disabled={line.alerts === 0}
            onClick={() => go('alerts', { rule: line.id })}
          >
            {counted(line.alerts, 'alert')}
          </button>
        </div>
      </section>
      <section className="sec">
        <h2>Facts</h2>
        <dl className="nm">
          <dt>Level</dt>
          <dd>{LEVEL_WORDS[line.level]}</dd>
          <dt>Kind</dt>
          <dd>{line.kind}</dd>
          <dt>ATT&CK</dt>
          <dd>{line.attack.map(techniqueTitle).join('; ') || 'none'}</dd>
          <dt>Tactics</dt>
          <dd>{line.tactics.join(', ') || 'none'}</dd>
          {line.defender === null ? null : (
            <>
              <dt>Defender</dt>
              <dd>
                {defenderName(line.defender)} <span className="mono t3 breaks">{line.defender}</span>
              </dd>
            </>
          )}
          <dt>Needs</dt>
          <dd>
            level {needs.level}
            {needs.bodies ? ', bodies' : ''}
            {needs.resources.length === 0 ? '' : `; ${needs.resources.join(', ')}`}
            {needs.annotations.length === 0 ? '' : `; ${needs.annotations.join(', ')}`}
          </dd>
          {line.cost === null ? null : (
            <>
              <dt>Cost</dt>
              <dd>
                {line.cost.msPerMillionEvents.toFixed(1)} ms a million events; looked at {count(line.cost.seen)},
                matched {count(line.cost.matched)}
              </dd>
            </>
          )}
          <dt>File</dt>
          <dd className="mono">
            <EvidenceText>{line.path}</EvidenceText>
          </dd>
          <dt>Id</dt>
          <dd className="mono">{line.id}</dd>
        </dl>
      </section>
      <RuleSettingForm key={line.id} rule={line.id} />
      <section className="sec">
        <h2>Source</h2>
        <Source text={data.text} />
      </section>
      <Texts title="Often harmless when" texts={data.falsePositives} />
      <Texts title="Next steps" texts={data.nextSteps} />
      <Texts title="References" texts={data.references} />
      {data.problems.length === 0 ? null : (
        <section className="sec">
          <h2>Problems</h2>
          {data.problems.map((problem) => (
            <p key={`${problem.line} ${problem.message}`} className={problem.severity === 'error' ? 'fault' : 't2'}>
              line {problem.line}: <EvidenceText>{problem.message}</EvidenceText>
            </p>
          ))}
        </section>
      )}
      {data.tests.length === 0 ? null : (
        <section className="sec">
          <h2>Tests</h2>
          {data.tests.map((test) => (
            <p key={`${test.kind} ${test.name}`} className="row">
              <span className={test.ok ? 'ok' : 'fault'}>{test.ok ? '✓' : '✗'}</span>
              <span className="t3">{test.kind}</span>
              <span className="grow breaks">
                <EvidenceText>{test.name}</EvidenceText>
              </span>
            </p>
          ))}
        </section>
      )}
    </>
  );
}

function Texts({ title, texts }: { readonly title: string; readonly texts: readonly string[] }): ReactNode {
  if (texts.length === 0) return null;
  return (
    <section className="sec">
      <h2>{title}</h2>
      {texts.map((text) => (
        <p key={text} className="t2 breaks">
          <EvidenceText>{text}</EvidenceText>
        </p>
      ))}
    </section>
  );
}

/** The rule as it was run, coloured, never changed here. */
export function Source({ text }: { readonly text: string }): ReactNode {
  const lines = useMemo(() => text.split('\n').map(yamlParts), [text]);
  return (
    <div className="code json source" role="group" aria-label="Source of the rule">
      {lines.map((parts, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
        <div key={index} className="jl" style={{ paddingLeft: 44 }}>
          <span className="ln">{index + 1}</span>
          {parts.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line have no other name
            <span key={at} className={part.kind}>
              <EvidenceText>{part.text}</EvidenceText>
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
