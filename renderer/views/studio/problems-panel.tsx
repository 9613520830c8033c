import type { ReactNode } from 'react';
import type { Diagnostic } from '../../../core/contract/studio-calls.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { counted } from '../../words/number.ts';

const SHOWN = 50;
const SIGNS: Readonly<Record<Diagnostic['severity'], string>> = { error: '✗', warning: '!', hint: 'i' };

/** What is wrong with the text; choosing one goes to its place. */
export function ProblemsPanel({
  diagnostics,
  onGo,
}: {
  /** Null until the text was looked at. */
  readonly diagnostics: readonly Diagnostic[] | null;
  onGo(place: Diagnostic): void;
}): ReactNode {
  return (
    <section aria-label="Problems" role="status">
      {diagnostics === null ? 'checking…' : problemsText(diagnostics)}
      <ul className="studio-rows">
        {(diagnostics ?? []).slice(0, SHOWN).map((diagnostic) => (
          <li key={`${diagnostic.line} ${diagnostic.column} ${diagnostic.code} ${diagnostic.message}`}>
            <button type="button" onClick={() => onGo(diagnostic)}>
              <span className={diagnostic.severity === 'error' ? 'fault' : 't2'} aria-hidden="true">
                {SIGNS[diagnostic.severity]}
              </span>
              <span className="grow">
                <span className="vh">{diagnostic.severity}: </span>
                <EvidenceText>{diagnostic.message}</EvidenceText>
              </span>
              {diagnostic.fixes.length === 0 ? null : <span className="t3">fix: Ctrl .</span>}
              <span className="t2 tn">
                {diagnostic.line}:{diagnostic.column}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function problemsText(all: readonly { readonly severity: string }[]): string {
  const count = (severity: string) => all.filter((each) => each.severity === severity).length;
  if (all.length === 0) return 'No problem.';
  return `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('hint'), 'hint')}.`;
}
