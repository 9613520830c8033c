import { type ReactNode, useState } from 'react';
import { usePlace } from '../place.ts';
import { Icon } from './icon.tsx';

interface FilterFieldProps {
  readonly label: string;
  readonly placeholder: string;
}

/** Text that the rows of a list must hold; it is the link's, so give the field the link's text as its key. */
export function FilterField({ label, placeholder }: FilterFieldProps): ReactNode {
  const { search, set } = usePlace();
  const [text, setText] = useState(search.text ?? '');
  const apply = () => {
    if (text.trim() !== (search.text ?? '')) set({ text: text.trim() === '' ? undefined : text.trim() });
  };
  return (
    <form
      className="grow"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label className="field">
        <Icon name="search" />
        <input
          value={text}
          placeholder={placeholder}
          aria-label={label}
          onChange={(event) => setText(event.target.value)}
          onBlur={apply}
        />
        {search.text === undefined ? null : (
          <button
            type="button"
            className="chip-x"
            aria-label="Clear the filter"
            onClick={() => set({ text: undefined })}
          >
            <Icon name="close" size={11} />
          </button>
        )}
      </label>
    </form>
  );
}
