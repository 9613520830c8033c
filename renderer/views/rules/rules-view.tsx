import { type DragEvent, lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react';
import { LEVELS } from '../../../core/contract/rows.ts';
import type { RuleLine } from '../../../core/contract/rule-calls.ts';
import { useBridge, useCall } from '../../calls/use-call.ts';
import { Dock } from '../../frame/dock.tsx';
import { ColumnChooser } from '../../grid/column-chooser.tsx';
import { Grid, type GridHandle } from '../../grid/grid.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { droppedFiles } from '../../parts/dropped-files.ts';
import { Icon } from '../../parts/icon.tsx';
import { Empty, FaultNote } from '../../parts/state.tsx';
import { Segments, ViewHead } from '../../parts/view-head.tsx';
import { usePlace } from '../../place.ts';
import { tellFault } from '../../undo.ts';
import { count, counted } from '../../words/number.ts';
import { ListsPane } from './lists-pane.tsx';
import { Matrix } from './matrix.tsx';
import { PolicyNote } from './policy-note.tsx';
import { useRuleColumns } from './rule-columns.tsx';
import { RuleFolderList } from './rule-folders.tsx';
import { ImportMenu, ImportPanel, useRuleImport } from './rule-import.tsx';
import { freePath, ruleHolds } from './rule-list.ts';
import { RulePanel } from './rule-panel.tsx';
import { UnsavedRules } from './unsaved-rules.tsx';

const TABS = ['all', 'fired', 'clean', 'blind', 'matrix', 'lists'] as const;
type Tab = (typeof TABS)[number];

/** The editor is large and comes only when a rule is written. */
const StudioView = lazy(async () => ({ default: (await import('../studio/studio-view.tsx')).StudioView }));

export function RulesView(): ReactNode {
  const { search } = usePlace();
  if (search.edit === undefined) return <AllRules />;
  return (
    <Suspense fallback={<p className="t3 pad">opening the studio…</p>}>
      <StudioView path={search.edit} />
    </Suspense>
  );
}

/** Every rule: what it found, what it could have found, and what it could not. */
function AllRules(): ReactNode {
  const { search, set } = usePlace();
  const tab: Tab = TABS.find((each) => each === search.tab) ?? 'all';
  const rules = useCall('rules/list', {}, { keeps: true });
  const columns = useRuleColumns();
  const own = useCall('studio/own', {}, { keeps: true });
  const unsaved = useCall('studio/unsaved', {}, { keeps: true });
  const all = useMemo(() => rules.data ?? [], [rules.data]);
  const text = search.text ?? '';
  const shown = useMemo(
    () =>
      sortedRules(
        all.filter(
          (rule) =>
            (tab === 'all' || tab === 'matrix' || tab === 'lists' || rule.state === tab) && ruleHolds(rule, text),
        ),
      ),
    [all, tab, text],
  );
  const number = (state: string): number => all.filter((rule) => rule.state === state).length;
  const pack = useRuleImport();
  const bridge = useBridge();
  const hasOwn = own.data?.some(({ isRemoved }) => !isRemoved) ?? false;
  const save = async (): Promise<void> => {
    const made = await bridge.call('studio/export', {});
    const saved = made.ok ? await bridge.save(made.value) : made;
    if (!saved.ok) tellFault(saved.fault.message);
  };
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    // What was dropped can only be taken out at once.
    const dropped = droppedFiles(event.dataTransfer);
    if (!pack.isOff) await pack.addFiles(await dropped);
  };
  return (
    // Rules may be dropped anywhere on the view; the menu does the same for the keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way, the menu is the first
    <div className="drop-zone" onDragOver={(event) => event.preventDefault()} onDrop={(event) => void drop(event)}>
      <ViewHead
        title="Rules"
        about={rules.data === undefined ? 'counting…' : counted(all.length, 'rule')}
        tabs={
          <Segments<Tab>
            label="Show"
            value={tab}
            options={[
              ['all', `All ${count(all.length)}`],
              ['fired', `Fired ${count(number('fired'))}`],
              ['clean', `Clean ${count(number('clean'))}`],
              ['blind', `Blind ${count(number('blind'))}`],
              ['matrix', 'ATT&CK matrix'],
              ['lists', 'Lists'],
            ]}
            onChange={(next) => set({ tab: next === 'all' ? undefined : next })}
          />
        }
      >
        <button
          type="button"
          className="btn"
          onClick={() => set({ edit: freePath([...(own.data ?? []), ...(unsaved.data ?? [])]) })}
        >
          New rule
        </button>
        <ImportMenu rules={pack} />
        <button
          type="button"
          className="btn"
          disabled={!hasOwn}
          title="The rules of this case with their tests and hashes, as a zip"
          onClick={() => void save()}
        >
          Export
        </button>
        {tab === 'matrix' || tab === 'lists' ? null : <ColumnChooser name="rules" columns={columns} />}
      </ViewHead>
      <div className="body">
        <div className="pane grow">
          <ImportPanel rules={pack} />
          <RuleFolderList />
          <UnsavedRules />
          {rules.error === null ? null : <FaultNote error={rules.error} onRetry={() => void rules.refetch()} />}
          {tab === 'blind' ? <PolicyNote /> : null}
          {tab === 'matrix' ? <Matrix /> : null}
          {tab === 'lists' ? <ListsPane /> : null}
          {tab === 'matrix' || tab === 'lists' ? null : (
            <RuleList rules={shown} columns={columns} isPending={rules.data === undefined} />
          )}
        </div>
        {search.rule === undefined ? null : (
          <Dock label="Rule" onClose={() => set({ rule: undefined })}>
            <RulePanel id={search.rule} onClose={() => set({ rule: undefined })} />
          </Dock>
        )}
      </div>
    </div>
  );
}

/** Those that fired first, then by level, then by title. */
function sortedRules(rules: readonly RuleLine[]): readonly RuleLine[] {
  const rank = (rule: RuleLine): number => (rule.state === 'fired' ? 0 : rule.state === 'blind' ? 1 : 2);
  return [...rules].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
      (a.title < b.title ? -1 : a.title > b.title ? 1 : 0),
  );
}

function RuleList({
  rules,
  columns,
  isPending,
}: {
  readonly rules: readonly RuleLine[];
  readonly columns: ReturnType<typeof useRuleColumns>;
  readonly isPending: boolean;
}): ReactNode {
  const { search, set } = usePlace();
  const grid = useRef<GridHandle>(null);
  const [text, setText] = useState(search.text ?? '');
  const selected = rules.findIndex((rule) => rule.id === search.rule);
  const open = (ordinal: number): void => {
    const rule = rules[ordinal];
    if (rule !== undefined) set({ rule: rule.id }, { replace: search.rule !== undefined });
  };
  useKeys({
    'list.next': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(1) : false),
    'list.previous': () => (document.activeElement?.closest('[role="grid"]') === null ? grid.current?.move(-1) : false),
  });
  return (
    <>
      <div className="bar">
        <label className="field grow">
          <Icon name="search" />
          <input
            value={text}
            placeholder="Title, ATT&CK id, Defender name, tactic"
            aria-label="Filter rules"
            onChange={(event) => {
              setText(event.target.value);
              set({ text: event.target.value === '' ? undefined : event.target.value }, { replace: true });
            }}
          />
        </label>
        <span className="t2 tn">{counted(rules.length, 'rule')}</span>
      </div>
      <Grid<RuleLine>
        label="Rules"
        name="rules"
        handle={grid}
        columns={columns}
        rowCount={rules.length}
        rowAt={(ordinal) => rules[ordinal]}
        selected={selected < 0 ? null : selected}
        onSelect={(ordinal, by) => {
          if (by === 'pointer' || search.rule !== undefined) open(ordinal);
        }}
        onOpen={open}
        empty={isPending ? <p className="t3 pad">counting…</p> : <Empty title="No rule fits." />}
      />
    </>
  );
}
