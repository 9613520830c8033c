import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { RuleLine } from '../../../core/contract/rule-calls.ts';
import { useCall } from '../../calls/use-call.ts';
import { useKeys } from '../../keys/key-listener.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { usePlace } from '../../place.ts';
import { prefer, usePreferences } from '../../prefs.ts';
import { counted } from '../../words/number.ts';
import { freePath, type RuleGroup, ruleHolds, rulesByTactic } from '../rules/rule-list.ts';

/** Below this width the editor needs the room. */
const WIDE = '(min-width: 1200px)';
/** More are found by searching. */
const MOST_SHOWN = 600;

/** The rules beside the editor: to be searched, walked through and opened. `events`: what the open text finds. */
export function RuleNav({ path, events }: { readonly path: string; readonly events: number | null }): ReactNode {
  const { ruleList } = usePreferences();
  const [isWide] = useState(() => matchMedia(WIDE).matches);
  const isShown = ruleList === null ? isWide : ruleList === 'shown';
  if (isShown) return <Shown path={path} events={events} />;
  return (
    <div className="studio-nav-off">
      <IconButton icon="right" label="Show the rules" onClick={() => prefer({ ruleList: 'shown' })} />
    </div>
  );
}

function Shown({ path, events }: { readonly path: string; readonly events: number | null }): ReactNode {
  const { set } = usePlace();
  const rules = useCall('rules/list', {}, { keeps: true }).data;
  const own = useCall('studio/own', {}, { keeps: true }).data ?? [];
  const unsaved = useCall('studio/unsaved', {}, { keeps: true }).data ?? [];
  const [text, setText] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const nav = useRef<HTMLElement>(null);
  const all = rules ?? [];
  const groups = useMemo(() => rulesByTactic((rules ?? []).filter((rule) => ruleHolds(rule, text))), [rules, text]);
  const known = new Set(all.map((rule) => rule.path));
  const fresh = [...new Set([path, ...unsaved.map((rule) => rule.path)])].filter(
    (one) => rules !== undefined && !known.has(one) && one.toLowerCase().includes(text.toLowerCase()),
  );
  const changed = new Set(unsaved.map((rule) => rule.path));
  const isKnown = rules !== undefined;
  useEffect(() => {
    if (isKnown && path !== '') nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [isKnown, path]);
  const open = (edit: string): void => set({ edit, q: undefined });
  const move = (by: 1 | -1) => (): unknown => (isIn(nav.current) ? step(nav.current, by) : false);
  useKeys({ 'list.next': move(1), 'list.previous': move(-1) });
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') step(nav.current, 1);
    else if (event.key === 'Escape' && text !== '') setText('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const toggle = (title: string): void =>
    setClosed(closed.has(title) ? new Set([...closed].filter((one) => one !== title)) : new Set([...closed, title]));
  const shownOf = limited(groups);
  const item = { path, events, changed, onOpen: open };
  return (
    <nav ref={nav} className="pane studio-nav" aria-label="Rules of this case">
      <div className="bar">
        <label className="field grow">
          <Icon name="search" size={12} />
          <input
            aria-label="Search the rules"
            placeholder={rules === undefined ? 'counting…' : counted(all.length, 'rule')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onSearchKey}
          />
        </label>
        <IconButton icon="plus" label="New rule" onClick={() => open(freePath([...own, ...unsaved]))} />
        <IconButton icon="left" label="Hide the rules" onClick={() => prefer({ ruleList: 'hidden' })} />
      </div>
      <div className="studio-nav-rules">
        {fresh.length === 0 ? null : <Fresh paths={fresh} item={item} />}
        {groups.map((group) => (
          <Group
            key={group.title}
            group={group}
            shown={shownOf.get(group.title) ?? 0}
            isOpen={text !== '' || !closed.has(group.title)}
            onToggle={() => toggle(group.title)}
            item={item}
          />
        ))}
        {rules !== undefined && groups.length === 0 && fresh.length === 0 ? (
          <p className="t2 pad">No rule fits. Escape clears the search.</p>
        ) : null}
      </div>
      <p className="studio-nav-foot t3">
        Alerts in this case; of the open text, events. “–”: blind, “off”: switched off.
      </p>
    </nav>
  );
}

interface ItemProps {
  /** What is open. */
  readonly path: string;
  readonly events: number | null;
  /** Rules with text that is not saved. */
  readonly changed: ReadonlySet<string>;
  onOpen(path: string): void;
}

function Fresh({ paths, item }: { readonly paths: readonly string[]; readonly item: ItemProps }): ReactNode {
  return (
    <div className="studio-nav-group" role="group" aria-label="Not saved yet">
      <h3 className="t3">Not saved yet</h3>
      <ul>
        {paths.map((path) => (
          <Item
            key={path}
            path={path}
            title={path.replace(/^case\//, '')}
            mark={<Icon name="pencil" size={12} />}
            item={item}
          />
        ))}
      </ul>
    </div>
  );
}

function Group({
  group: { title, rules },
  shown,
  isOpen,
  onToggle,
  item,
}: {
  readonly group: RuleGroup;
  readonly shown: number;
  readonly isOpen: boolean;
  onToggle(): void;
  readonly item: ItemProps;
}): ReactNode {
  return (
    <div className="studio-nav-group" role="group" aria-label={title}>
      <h3>
        <button type="button" className="t3" data-nav="" tabIndex={-1} aria-expanded={isOpen} onClick={onToggle}>
          <Icon name={isOpen ? 'caret' : 'right'} size={11} />
          {title}
          {isOpen ? null : <span className="num sp">{rules.length}</span>}
        </button>
      </h3>
      {isOpen ? (
        <ul>
          {rules.slice(0, shown).map((rule) => (
            <Item
              key={rule.id}
              path={rule.path}
              title={rule.title}
              mark={<SeverityMark level={rule.level} size={12} />}
              rule={rule}
              item={item}
            />
          ))}
          {rules.length > shown ? (
            <li className="t3 pad">{`and ${rules.length - shown} more: search for them`}</li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}

function Item({
  path,
  title,
  mark,
  rule,
  item,
}: {
  readonly path: string;
  readonly title: string;
  readonly mark: ReactNode;
  readonly rule?: RuleLine;
  readonly item: ItemProps;
}): ReactNode {
  const isOpen = path === item.path;
  const number = isOpen && item.events !== null ? counted(item.events, 'event') : rule === undefined ? '' : found(rule);
  return (
    <li>
      <button
        type="button"
        data-nav=""
        tabIndex={isOpen ? 0 : -1}
        aria-current={isOpen ? 'true' : undefined}
        title={rule === undefined ? path : `${title}\n${path}\n${rule.isOff ? 'off' : rule.state}: ${rule.reason}`}
        onClick={() => item.onOpen(path)}
      >
        {mark}
        <span className="clip grow">
          <EvidenceText>{title}</EvidenceText>
        </span>
        {item.changed.has(path) && rule !== undefined ? (
          <span className="studio-nav-changed">
            <span className="vh">not saved</span>
          </span>
        ) : null}
        <span className={/[1-9]/.test(number) ? 'num' : 'num t3'} aria-hidden="true">
          {number.replace(/ .*/, '')}
        </span>
        <span className="vh">{number}</span>
      </button>
    </li>
  );
}

/** How the number of a rule is said; shown is its first word. */
function found({ isOff, state, alerts }: RuleLine): string {
  if (isOff) return 'off';
  return state === 'blind' ? '– blind' : counted(alerts, 'alert');
}

/** How many rules of each group are shown. */
function limited(groups: readonly RuleGroup[]): ReadonlyMap<string, number> {
  let left = MOST_SHOWN;
  return new Map(
    groups.map(({ title, rules }) => {
      const shown = Math.min(left, rules.length);
      left -= shown;
      return [title, shown];
    }),
  );
}

const isIn = (nav: HTMLElement | null): boolean => nav?.contains(document.activeElement) === true;

/** To the next rule or heading; from the search to the open rule, or the first. */
function step(nav: HTMLElement | null, by: 1 | -1): void {
  const stops = [...(nav?.querySelectorAll<HTMLElement>('[data-nav]') ?? [])];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const first = stops.findIndex((stop) => stop.getAttribute('aria-current') === 'true');
  const next = at < 0 ? Math.max(0, first) : at + by;
  if (at === 0 && by === -1) nav?.querySelector('input')?.focus();
  else stops[Math.min(stops.length - 1, next)]?.focus();
}
