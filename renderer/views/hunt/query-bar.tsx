import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useRef, useState } from 'react';
import type { CompletionOption } from '../../../core/contract/hunt-calls.ts';
import type { Scope } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { count } from '../../words/number.ts';
import { completionsAt } from './completions.ts';

const PIECE_CLASSES: Readonly<Record<string, string>> = {
  field: 'k',
  value: 's',
  word: 'b',
  operator: 't2',
  bracket: 't2',
  text: 's',
};

/** The query with colours, completion of fields and of values that occur, and errors in place. */
export function QueryBar({
  value,
  scope,
  onRun,
  onDraft,
}: {
  readonly value: string;
  readonly scope: Scope;
  onRun(query: string): void;
  onDraft(query: string): void;
}): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const echo = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(value.length);
  const [chosen, setChosen] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const asked = useDeferredValue(text);
  const check = useCall('hunt/check', { query: asked }, { keeps: true });
  const completion = useCall('hunt/complete', { query: text, cursor, scope }, { isOn: isOpen, keeps: true });
  const told = completionsAt(completion.data, completion.isPlaceholderData, text, cursor);
  const options = isOpen ? told.options.slice(0, 12) : [];
  const change = (next: string, at: number): void => {
    setText(next);
    setCursor(at);
    setChosen(-1);
    onDraft(next);
  };
  const run = (): void => {
    setOpen(false);
    onRun(text.trim());
  };
  const take = (option: CompletionOption): void => {
    const next = text.slice(0, told.from) + option.text + text.slice(told.to);
    const at = told.from + option.text.length;
    change(next, at);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
    setOpen(option.kind === 'field');
  };
  useKeys({
    'hunt.run': () => run(),
    'hunt.complete': () => {
      input.current?.focus();
      setOpen(true);
    },
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const shows = options.length > 0;
    const option = options[chosen] ?? (event.key === 'Tab' ? options[0] : undefined);
    if (shows && event.key === 'ArrowDown') setChosen((chosen + 1) % options.length);
    else if (shows && event.key === 'ArrowUp')
      setChosen((chosen + options.length - 1 + (chosen < 0 ? 1 : 0)) % options.length);
    else if (
      shows &&
      option !== undefined &&
      (event.key === 'Tab' || (event.key === 'Enter' && !event.ctrlKey)) &&
      !event.shiftKey
    )
      take(option);
    else if (event.key === 'Enter') run();
    else if (event.key === 'Escape' && isOpen) setOpen(false);
    else return;
    event.preventDefault();
  };
  const fault = check.data?.fault ?? null;
  const hasFault = fault !== null && asked === text;
  return (
    <div className="qbar-box">
      <div className="qbar">
        <div className={hasFault ? 'q bad' : 'q'}>
          <div ref={echo} className="q-echo" aria-hidden="true">
            <Coloured text={text} pieces={asked === text ? (check.data?.pieces ?? []) : []} />
          </div>
          <input
            ref={input}
            className="q-input"
            value={text}
            role="combobox"
            aria-label="Query"
            aria-expanded={options.length > 0}
            aria-controls={`${id}list`}
            aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
            aria-invalid={hasFault}
            aria-describedby={hasFault ? `${id}fault` : undefined}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder="verb:(get or list) and resource:secrets and not user:system:*"
            onChange={(event) => {
              change(event.target.value, event.target.selectionStart ?? event.target.value.length);
              setOpen(true);
            }}
            onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
            onScroll={(event) => {
              if (echo.current !== null) echo.current.scrollLeft = event.currentTarget.scrollLeft;
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={onKeyDown}
          />
        </div>
        <button type="button" className="btn primary run" onClick={run}>
          Run <Kbd of="hunt.run" />
        </button>
        <div
          id={`${id}list`}
          role="listbox"
          aria-label="Completions"
          className="over comp"
          hidden={options.length === 0}
        >
          {options.map((option, index) => (
            <div
              key={`${option.kind} ${option.text}`}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="opt"
              onMouseDown={(event) => {
                event.preventDefault();
                take(option);
              }}
            >
              <span className="mono clip">
                <EvidenceText>{option.label}</EvidenceText>
              </span>
              <span className="t3 clip grow">
                <EvidenceText>{option.detail ?? ''}</EvidenceText>
              </span>
              <span className="num tn">{option.count === null ? '' : count(option.count)}</span>
            </div>
          ))}
          <div className="row t3 comp-foot" role="presentation">
            <kbd className="kbd">Tab</kbd> take <kbd className="kbd">↓</kbd> choose <kbd className="kbd">Esc</kbd> close
          </div>
        </div>
      </div>
      {hasFault ? (
        <p id={`${id}fault`} className="fault q-fault" role="alert">
          <EvidenceText>{fault.message}</EvidenceText>
          {fault.hint === undefined ? null : (
            <span className="t2">
              {' '}
              <EvidenceText>{fault.hint}</EvidenceText>
            </span>
          )}
        </p>
      ) : null}
    </div>
  );
}

function Coloured({
  text,
  pieces,
}: {
  readonly text: string;
  readonly pieces: readonly { readonly from: number; readonly to: number; readonly kind: string }[];
}): ReactNode {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const piece of pieces) {
    if (piece.from < at) continue;
    parts.push(text.slice(at, piece.from));
    parts.push(
      <span key={piece.from} className={PIECE_CLASSES[piece.kind]}>
        {text.slice(piece.from, piece.to)}
      </span>,
    );
    at = piece.to;
  }
  return [...parts, text.slice(at)];
}
