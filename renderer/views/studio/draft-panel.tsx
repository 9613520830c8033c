import { type ReactNode, useState } from 'react';
import type { DraftSource, TellingField } from '../../../core/contract/studio-calls.ts';
import { useAct, useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { Answered } from '../../parts/state.tsx';
import { tell } from '../../undo.ts';

/** Which fields of the event a new rule asks for, and which of them leave particulars open. */
export function DraftPanel({
  from,
  text,
  onText,
}: {
  readonly from: Exclude<DraftSource, { query: string }>;
  readonly text: string;
  onText(text: string): void;
}): ReactNode {
  const act = useAct();
  const draft = useCall('studio/draft', { from });
  const [chosen, setChosen] = useState<readonly TellingField[] | null>(null);
  /** Texts that were written here: replacing one of them loses nothing. */
  const [written, setWritten] = useState<ReadonlySet<string>>(new Set());
  const choose = async (fields: readonly TellingField[]): Promise<void> => {
    setChosen(fields);
    const choice = {
      fields: fields.filter(({ isChosen }) => isChosen).map(({ field }) => field),
      patterns: fields.filter(({ isOpen }) => isOpen).map(({ field }) => field),
    };
    const made = await act('studio/draft', { from: { ...from, ...choice } });
    if (made === null) return;
    const before = text;
    onText(made.text);
    setWritten(new Set([...written, made.text]));
    const isOwn = before !== draft.data?.text && !written.has(before);
    if (isOwn) tell('The rule was written anew from the fields.', () => onText(before));
  };
  return (
    <section className="sec" aria-label="Fields of the draft">
      <h2>
        Made from an event <small className="sp t2">choose what the rule asks for</small>
      </h2>
      <Answered call={draft} rows={4}>
        {(data) => {
          const fields = chosen ?? data.fields;
          const change = (index: number, with_: Partial<TellingField>): void =>
            void choose(fields.map((field, at) => (at === index ? { ...field, ...with_ } : field)));
          return (
            <ul className="studio-fields">
              {fields.map((field, index) => (
                <FieldRow key={field.field} field={field} onChange={(with_) => change(index, with_)} />
              ))}
            </ul>
          );
        }}
      </Answered>
    </section>
  );
}

function FieldRow({
  field: { field, value, pattern, isChosen, isOpen },
  onChange,
}: {
  readonly field: TellingField;
  onChange(change: Partial<TellingField>): void;
}): ReactNode {
  return (
    <li>
      <label className="grow">
        <input type="checkbox" checked={isChosen} onChange={() => onChange({ isChosen: !isChosen })} />
        <span>
          <span className="mono">{field}</span>{' '}
          <span className="t2">
            <EvidenceText>{isOpen && pattern !== null ? pattern : value}</EvidenceText>
          </span>
        </span>
      </label>
      {pattern === null ? null : (
        <button
          type="button"
          className="btn"
          aria-pressed={isOpen}
          aria-label={`${field} with wildcards`}
          title={isOpen ? `Ask for exactly ${value}` : `Ask for ${pattern}`}
          onClick={() => onChange({ isChosen: true, isOpen: !isOpen })}
        >
          wildcards
        </button>
      )}
    </li>
  );
}
