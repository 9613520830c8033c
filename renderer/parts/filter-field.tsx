import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePlace } from '../place.ts';
import { Icon } from './icon.tsx';

interface FilterFieldProps {
  readonly label: string;
  readonly placeholder: string;
}

const PAUSE_MS = 200;

/**
 * Text that the rows of a list must hold, as the link has it. It takes effect while one types, after a pause or with
 * Enter: never by leaving the field, since the rows would change below the pointer that leaves it for one of them.
 */
export function FilterField({ label, placeholder }: FilterFieldProps): ReactNode {
  const { search, set } = usePlace();
  const inLink = search.text ?? '';
  const [text, setText] = useState(inLink);
  const underWay = useRef<string[]>([]);
  const apply = (typed: string): void => {
    const wanted = typed.trim();
    const before = underWay.current.at(-1) ?? inLink;
    if (wanted === before) return;
    underWay.current.push(wanted);
    // One step back leads to the list as it was before the first letter.
    set({ text: wanted === '' ? undefined : wanted }, { replace: before !== '' });
  };
  const applySoon = useDebouncedCallback(apply, PAUSE_MS);
  useEffect(() => {
    const own = underWay.current.lastIndexOf(inLink);
    underWay.current = underWay.current.slice(own + 1);
    if (own >= 0) return;
    underWay.current = [];
    applySoon.cancel();
    setText(inLink);
  }, [inLink, applySoon]);
  const change = (typed: string): void => {
    setText(typed);
    applySoon(typed);
  };
  const applyNow = (typed: string): void => {
    applySoon.cancel();
    setText(typed);
    apply(typed);
  };
  return (
    <form
      className="grow"
      onSubmit={(event) => {
        event.preventDefault();
        applyNow(text);
      }}
    >
      <label className="field">
        <Icon name="search" />
        <input
          value={text}
          placeholder={placeholder}
          aria-label={label}
          onChange={(event) => change(event.target.value)}
        />
        {text === '' ? null : (
          <button type="button" className="chip-x" aria-label="Clear the filter" onClick={() => applyNow('')}>
            <Icon name="close" size={11} />
          </button>
        )}
      </label>
    </form>
  );
}
