import { type ReactNode, useState } from 'react';
import type { ReportSettings } from '../../../core/contract/report-calls.ts';
import { useAct, useMayChange } from '../../calls/use-call.ts';
import { Segments } from '../../parts/view-head.tsx';
import { tell } from '../../undo.ts';

/** What only a person can write: title, question, conclusion, names. */
export function ReportForm({ settings }: { readonly settings: ReportSettings }): ReactNode {
  const act = useAct();
  const mayChange = useMayChange();
  const [draft, setDraft] = useState(settings);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings);
  const save = async (): Promise<void> => {
    if ((await act('report/choose', { settings: draft })) !== null) tell('Front page saved.');
  };
  const text = (key: 'title' | 'preparedBy' | 'preparedFor', title: string): ReactNode => (
    <label className="small-label t3">
      {title}
      <input
        className="field"
        value={draft[key]}
        disabled={!mayChange}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
      />
    </label>
  );
  const area = (key: 'scope' | 'conclusion', title: string, rows: number): ReactNode => (
    <label className="small-label t3">
      {title}
      <textarea
        className="field"
        rows={rows}
        value={draft[key]}
        disabled={!mayChange}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
      />
    </label>
  );
  return (
    <form
      className="sec"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>Front page</h2>
      {text('title', 'Title')}
      {text('preparedBy', 'Prepared by')}
      {text('preparedFor', 'Prepared for')}
      {area('scope', 'Scope and question (Markdown)', 4)}
      {area('conclusion', 'Conclusion, in your words (Markdown)', 6)}
      <div className="small-label t3">
        What goes in
        <Segments
          label="What goes in"
          value={draft.only}
          options={[
            ['all', 'All'],
            ['starred', 'Starred'],
            ['confirmed', 'Confirmed'],
          ]}
          onChange={(only) => setDraft({ ...draft, only })}
        />
      </div>
      <label className="row" style={{ margin: '8px 0' }}>
        <input
          type="checkbox"
          checked={draft.redact}
          disabled={!mayChange}
          onChange={(event) => setDraft({ ...draft, redact: event.target.checked })}
        />
        Redact names, addresses and values
      </label>
      <button type="submit" className="btn primary" disabled={!isChanged || !mayChange}>
        Save front page
      </button>
    </form>
  );
}
