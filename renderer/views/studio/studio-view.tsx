import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Diagnostic, OpenedRule, TestedText } from '../../../core/contract/studio-calls.ts';
import { useAct, useBridge, useCall, useCase, useMayChange } from '../../calls/use-call.ts';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tell } from '../../undo.ts';
import '../../style/studio.css';
import { DraftPanel } from './draft-panel.tsx';
import { alertOfPath, draftSourceOf } from './draft-source.ts';
import { EmptyStart } from './empty-start.tsx';
import { connectLanguage, type Known } from './language.ts';
import type { monaco } from './monaco.ts';
import { OvertakenNote } from './overtaken-note.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { ProblemsPanel } from './problems-panel.tsx';
import { RuleNav } from './rule-nav.tsx';
import { RuleSettings } from './rule-settings.tsx';
import { SavePanel } from './save-panel.tsx';
import { SightNote } from './sight-note.tsx';
import { TestsPanel } from './tests-panel.tsx';
import { TextDiff } from './text-diff.tsx';
import { TextEditor } from './text-editor.tsx';
import { type Kept, unsavedOf, useKeptText, writeHere } from './unsaved.ts';
import { useLive } from './use-live.ts';
import { useSaving } from './use-saving.ts';
import { VersionList } from './version-list.tsx';
import { askedOf, type Picked, WhySection } from './why-section.tsx';
import { useWritten } from './written-over.ts';

/** Pauses after the last key before the engine is asked. */
const CHECK_MS = 120;
const PREVIEW_MS = 120;
const COUNT_MS = 250;
const EXACT_MS = 450;
const SIGHT_MS = 300;

/** A rule written over the open case. */
export function StudioView({ path }: { readonly path: string }): ReactNode {
  const opened = useCall('studio/open', { path });
  const { path: casePath } = useCase() ?? { path: '' };
  const isNew = opened.data?.origin === 'new' && unsavedOf(casePath, opened.data) === null;
  const { search } = usePlace();
  const [takenBack, setTakenBack] = useState(0);
  const drafted = useDraft(isNew ? path : '', search.q);
  const [found, setFound] = useState<number | null>(null);
  return (
    <div className="studio-frame">
      <RuleNav path={path} events={found} />
      {isNew && drafted === null ? (
        <p className="t3 pad">making a draft…</p>
      ) : (
        <Answered call={opened} rows={12}>
          {(rule) => (
            <Studio
              key={`${path} ${rule.version} ${takenBack}`}
              rule={rule}
              casePath={casePath}
              draft={drafted ?? ''}
              onFound={setFound}
              onTakenBack={() => setTakenBack((times) => times + 1)}
            />
          )}
        </Answered>
      )}
    </div>
  );
}

/** The beginning of a new rule: its name says what it is made from. Null while it is being made. */
function useDraft(path: string, query: string | undefined): string | null {
  const from = draftSourceOf(path, query);
  const isFilter = from === 'filter';
  const source = from === null || isFilter ? { query: '' } : from;
  const draft = useCall('studio/draft', { from: source }, { isOn: from !== null && !isFilter });
  const filter = useCall('studio/exclude', { alert: alertOfPath(path) }, { isOn: isFilter });
  if (from === null || draft.error !== null || filter.error !== null) return '';
  return (isFilter ? filter.data?.text : draft.data?.text) ?? null;
}

const NONE: readonly Diagnostic[] = [];
const TABS = ['rule', 'tests', 'diff'] as const;

function Studio({
  rule,
  casePath,
  draft,
  onFound,
  onTakenBack,
}: {
  readonly rule: OpenedRule;
  readonly casePath: string;
  readonly draft: string;
  /** Events that the text finds; null: not known. */
  onFound(events: number | null): void;
  /** What was saved is unsaved again. */
  onTakenBack(): void;
}): ReactNode {
  const { set } = usePlace();
  const act = useAct();
  const mayChange = useMayChange();
  const [kept] = useState(() => unsavedOf(casePath, rule));
  const written = useWritten(rule, draft, kept);
  const { text, tests, setText, setTests } = written;
  const [tab, setTab] = useState<(typeof TABS)[number]>('rule');
  const [event, setEvent] = useState<Picked | null>(null);
  const [goTo, setGoTo] = useState<Diagnostic | null>(null);
  const { where, settle } = useKeptText({ casePath, rule, ...written });
  const { isSaving, setIsSaving, save } = useSaving({ rule, casePath, written, settle, onTakenBack });

  const { path } = rule;
  const from = draftSourceOf(path, undefined);
  const checked = useLive('studio/check', { path, text }, CHECK_MS);
  const first = useLive('studio/preview', { path, text, until: 'first' }, PREVIEW_MS);
  const number = useLive('studio/preview', { path, text, until: 'count' }, COUNT_MS);
  const exact = useLive('studio/preview', { path, text, until: 'all' }, EXACT_MS);
  const isCounting = exact.isStale && number.isStale;
  // Behind the count: both want the same cores.
  const sight = useLive('studio/sight', isCounting && exact.fault === null ? null : { path, text }, SIGHT_MS);
  const tested = useLive('studio/test', { path, text, tests }, PREVIEW_MS);
  const difference = useLive('studio/difference', isSaving ? { path, text } : null, 0);
  const chosen = event !== null && 'id' in event ? event.id : null;
  const outline = checked.data?.outline ?? [];
  const isFilter = outline.length > 0 && outline.every(({ kind }) => kind === 'filter');
  const testProblems = useMemo(() => problemsIn(tested.data), [tested.data]);
  const isEmpty = text.trim() === '';
  const diagnostics = isEmpty ? NONE : (checked.data?.diagnostics ?? NONE);
  const hasErrors = isEmpty || diagnostics.some(({ severity }) => severity === 'error');
  const onModel = useLanguage(checked.data ?? { diagnostics: [], outline: [] });
  const shown = [exact, number].find(({ isStale }) => !isStale) ?? first;

  const found = hasErrors ? null : (shown.data?.events ?? null);
  useEffect(() => onFound(found), [onFound, found]);

  const addTest = async (kind: 'match' | 'miss'): Promise<void> => {
    if (event === null) return;
    const plain = 'json' in event ? 'a pasted event' : `event ${event.id}`;
    const name = 'summary' in event && event.summary !== '' ? event.summary : plain;
    const added = await act('studio/add-test', { tests, kind, name, ...askedOf(event) });
    if (added !== null) setTests(added.tests);
  };

  const startSaving = (): void => {
    if (mayChange) setIsSaving(true);
    else tell('This case is open for reading only: what is written here stays in this browser.');
  };
  useKeys({ 'rule.save': startSaving });
  const giveUp = (): void => {
    const was = { path, text, tests, version: rule.version, over: written.over };
    written.takeUp();
    tell(`Changes of ${path} given up.`, () => {
      // Whoever has left the studio finds them there again.
      writeHere(casePath, path, { ...was, time: Date.now() });
      setText(was.text);
      setTests(was.tests);
    });
  };

  return (
    <>
      <ViewHead
        title="Rule studio"
        about={<About rule={rule} where={where} />}
        tabs={
          <Segments<(typeof TABS)[number]>
            label="Text"
            value={tab}
            options={[
              ['rule', 'Rule'],
              ['tests', 'Tests'],
              ['diff', 'Diff to saved'],
            ]}
            onChange={setTab}
          />
        }
      >
        {where === 'saved' ? null : (
          <button type="button" className="btn quiet" onClick={giveUp}>
            Give up changes
          </button>
        )}
        <button type="button" className="btn" onClick={() => set({ edit: undefined })}>
          Back to the rules
        </button>
        <button type="button" className="btn primary" disabled={!mayChange} onClick={startSaving}>
          Save and compare <Kbd of="rule.save" />
        </button>
      </ViewHead>
      <div className="body studio">
        <div className="pane grow">
          {written.isOvertaken ? (
            <OvertakenNote path={path} onDiff={() => setTab('diff')} onTakeUp={giveUp} onKeep={written.keepMine} />
          ) : null}
          {tab === 'rule' ? (
            <TextEditor
              key="rule"
              label="Rule text"
              value={text}
              diagnostics={diagnostics}
              goTo={goTo}
              onChange={setText}
              onModel={onModel}
            />
          ) : tab === 'diff' ? (
            <TextDiff saved={rule.text} text={text} />
          ) : (
            <TextEditor key="tests" label="Tests" value={tests} diagnostics={testProblems} onChange={setTests} />
          )}
          <div className="studio-problems">
            {isEmpty ? (
              <p className="t2">Nothing is written yet.</p>
            ) : (
              <ProblemsPanel diagnostics={checked.data === null ? null : diagnostics} onGo={setGoTo} />
            )}
            <SightNote needs={checked.data?.needs ?? null} sight={sight.data} preview={shown.data} />
          </div>
          {isSaving ? (
            <SavePanel
              difference={difference.isStale ? null : difference.data}
              hasErrors={hasErrors}
              path={path}
              title={rule.origin === 'new' ? titleIn(text) : null}
              onSave={(reason, runs, target) => void save(reason, runs, target)}
              onClose={() => setIsSaving(false)}
            />
          ) : null}
        </div>
        <div className="pane panel-scroll studio-side">
          {from === null || from === 'filter' || 'query' in from || rule.origin !== 'new' ? null : (
            <DraftPanel from={from} text={text} onText={setText} />
          )}
          {isEmpty ? <EmptyStart onBegin={setText} /> : null}
          {isFilter ? (
            <section className="sec" aria-label="What a filter does">
              <h2>A filter finds nothing by itself</h2>
              <p className="t2">
                It changes what other rules find: <i>Save and compare</i> tells which alerts it takes away.
              </p>
            </section>
          ) : null}
          <PreviewPanel
            preview={shown.data}
            isCounting={isCounting}
            isStale={exact.isStale}
            chosen={chosen}
            onChoose={setEvent}
          />
          <WhySection path={path} text={text} picked={event} onPick={setEvent} />
          <TestsPanel tested={tested.data} onAdd={event === null ? null : (kind) => void addTest(kind)} />
          <RuleSettings path={path} />
          <VersionList
            path={path}
            onTake={(version) => {
              setText(version.text);
              setTests(version.tests);
            }}
          />
        </div>
      </div>
    </>
  );
}

/** What is wrong with the text of the tests, for its editor. */
const problemsIn = (tested: TestedText | null): readonly Diagnostic[] =>
  (tested?.problems ?? [])
    .filter(({ path }) => path.endsWith('.test.yml'))
    .map(({ severity, code, message, line, column }) => {
      return { severity, code, message, line, column, endLine: line, endColumn: column + 1, fixes: [] };
    });

const WHERE: Readonly<Record<Kept, string>> = {
  saved: '',
  here: 'not saved',
  beside: 'not saved, kept beside the case',
};

function About({ rule, where }: { readonly rule: OpenedRule; readonly where: Kept }): ReactNode {
  const { path, version, origin } = rule;
  return (
    <>
      <span>
        <EvidenceText>
          {`${path}${origin === 'own' ? `, version ${version}` : ''}${origin === 'file' ? ', a file' : ''}`}
        </EvidenceText>
      </span>{' '}
      {where === 'saved' ? null : <span className="chip">{WHERE[where]}</span>}
    </>
  );
}

/** As far as it is written; empty: not yet. */
const titleIn = (text: string): string => /^title:[ \t]*['"]?(.*?)['"]?[ \t]*$/m.exec(text)?.[1] ?? '';

/** Features of the editor ask what the engine said last of the text that is in it. */
function useLanguage(known: Known): (model: monaco.editor.ITextModel | null) => void {
  const bridge = useBridge();
  const now = useRef(known);
  now.current = known;
  const model = useRef<monaco.editor.ITextModel | null>(null);
  useEffect(() => connectLanguage(bridge, (asked) => (asked === model.current ? now.current : undefined)), [bridge]);
  return (next) => {
    model.current = next;
  };
}
