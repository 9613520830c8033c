import type { ReactNode } from 'react';
import { useCall } from '../../calls/use-call.ts';
import { withNewId } from './snippet-text.ts';

/** What a text without a letter can begin with. */
export function EmptyStart({ onBegin }: { onBegin(text: string): void }): ReactNode {
  const offered = useCall('studio/complete', { text: '', line: 1, column: 1 }).data;
  const snippets = offered?.items.filter(({ kind }) => kind === 'snippet') ?? [];
  return (
    <section className="sec" aria-label="Begin">
      <h2>Begin with</h2>
      <p className="t2">
        A frame below, <kbd className="kbd">Ctrl Space</kbd> in the editor, or a rule's text from elsewhere.{' '}
        <i>Make a rule</i> on an event, an alert or a query begins with its fields.
      </p>
      <div className="row wrap" style={{ marginTop: 6 }}>
        {snippets.map(({ label, about, insert }) => (
          <button
            key={label}
            type="button"
            className="btn"
            title={about}
            aria-label={`Begin with: ${label}`}
            onClick={() => onBegin(beginning(insert))}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}

/** A snippet without the places where the cursor goes; a first document needs no mark before it. */
const beginning = (insert: string): string =>
  withNewId(insert)
    .replace(/^---\n/, '')
    .replace(/\$\{\d+:([^}]*)\}|\$\d+/g, '$1');
