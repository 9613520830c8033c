import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useRef, useState } from 'react';
import type { SearchHit } from '../../core/contract/entity-calls.ts';
import { useCall } from '../calls/use-call.ts';
import { Kbd } from '../keys/kbd.tsx';
import { useKeys } from '../keys/key-listener.ts';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { entitySearch, type Place, usePlace } from '../place.ts';

const MOST_HITS = 12;
const KINDS: Readonly<Record<SearchHit['kind'], { readonly icon: IconName; readonly word: string }>> = {
  entity: { icon: 'entities', word: 'entity' },
  alert: { icon: 'alerts', word: 'alert' },
  incident: { icon: 'flag', word: 'incident' },
  event: { icon: 'timeline', word: 'event' },
  rule: { icon: 'rules', word: 'rule' },
};

/** Finds anything by name; `/` goes here from everywhere. */
export function SearchField(): ReactNode {
  const place = usePlace();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const wanted = useDeferredValue(text.trim());
  const hits = useCall(
    'search/all',
    { text: wanted, limit: MOST_HITS },
    { isOn: isOpen && wanted.length > 1, keeps: true },
  );
  // Enter opens what is listed: nothing may be that fits an earlier text.
  const isCurrent = wanted.length > 1 && wanted === text.trim() && !hits.isPlaceholderData;
  const found = isCurrent ? (hits.data ?? []) : [];
  useKeys({
    search: () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  const leave = (): void => {
    setOpen(false);
    input.current?.blur();
  };
  const pick = (hit: SearchHit | undefined): void => {
    if (hit === undefined) place.go('hunt', { q: text.trim() });
    else openHit(hit, place);
    leave();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const options = found.length + 1;
    if (event.key === 'ArrowDown') setChosen((chosen + 1) % options);
    else if (event.key === 'ArrowUp') setChosen((chosen + options - 1) % options);
    else if (event.key === 'Enter' && text.trim() !== '') pick(found[chosen]);
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  };
  const shows = isOpen && wanted.length > 1;
  return (
    <div className="srch grow">
      <label className="field">
        <Icon name="search" />
        <input
          ref={input}
          value={text}
          placeholder="Search events, alerts, identities, objects"
          aria-label="Search events, alerts, identities, objects"
          role="combobox"
          aria-expanded={shows}
          aria-controls={shows ? `${id}list` : undefined}
          aria-activedescendant={shows ? `${id}-${chosen}` : undefined}
          autoComplete="off"
          spellCheck={false}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd of="search" />
      </label>
      {shows ? (
        <div id={`${id}list`} role="listbox" aria-label="Found" className="over hits">
          {found.map((hit, index) => (
            <HitOption
              key={keyOf(hit)}
              id={`${id}-${index}`}
              hit={hit}
              isChosen={index === chosen}
              onPick={() => pick(hit)}
            />
          ))}
          <div
            id={`${id}-${found.length}`}
            role="option"
            tabIndex={-1}
            aria-selected={chosen === found.length}
            className="opt"
            onMouseDown={(event) => {
              event.preventDefault();
              pick(undefined);
            }}
          >
            <Icon name="search" />
            <span className="clip grow">
              Hunt for <b className="mono">{text}</b> in every event
            </span>
            <kbd className="kbd">↵</kbd>
          </div>
        </div>
      ) : null}
    </div>
  );
}

function HitOption({
  id,
  hit,
  isChosen,
  onPick,
}: {
  readonly id: string;
  readonly hit: SearchHit;
  readonly isChosen: boolean;
  onPick(): void;
}): ReactNode {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className="opt"
      onMouseDown={(event) => {
        event.preventDefault();
        onPick();
      }}
    >
      <Icon name={KINDS[hit.kind].icon} />
      <span className="clip">
        <EvidenceText>{hit.title}</EvidenceText>
      </span>
      <span className="clip grow t3">
        <EvidenceText>{hit.detail}</EvidenceText>
      </span>
      <span className="t3">{KINDS[hit.kind].word}</span>
    </div>
  );
}

function keyOf(hit: SearchHit): string {
  return hit.kind === 'entity' ? `${hit.entity.kind} ${hit.entity.name}` : `${hit.kind} ${hit.id}`;
}

/** Goes to what was found. */
export function openHit(hit: SearchHit, place: Place): void {
  switch (hit.kind) {
    case 'entity':
      place.go('entities', entitySearch(hit.entity));
      return;
    case 'alert':
      place.go('alerts', { alert: hit.id });
      return;
    case 'incident':
      place.go('alerts', { incident: hit.id });
      return;
    case 'event':
      place.go('timeline', { event: hit.id });
      return;
    case 'rule':
      place.go('rules', { rule: hit.id });
      return;
  }
}
