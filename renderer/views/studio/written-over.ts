import { useEffect, useState } from 'react';
import type { OpenedRule, UnsavedRule } from '../../../core/contract/studio-calls.ts';

/** What a text is written over; text and tests are null where only their hash is known. */
interface Base {
  readonly text: string | null;
  readonly tests: string | null;
  readonly sha256: string | null;
}

export interface Written {
  readonly text: string;
  readonly tests: string;
  readonly isChanged: boolean;
  /** Hash of what it is written over. */
  readonly over: string | null;
  /** Something else stands there by now than what it was written over. */
  readonly isOvertaken: boolean;
  setText(text: string): void;
  setTests(tests: string): void;
  /** Back to what stands there. */
  takeUp(): void;
  /** Goes on over what stands there. */
  keepMine(): void;
}

/** The text in the editor, beside what stands in the case or the file, which may change meanwhile. `draft`: of a new rule. */
export function useWritten(rule: OpenedRule, draft: string, kept: UnsavedRule | null): Written {
  const { origin, sha256 } = rule;
  const standing: Base = { text: origin === 'new' ? draft : rule.text, tests: rule.tests, sha256 };
  const [base, setBase] = useState<Base>(() =>
    kept === null || kept.over === sha256 ? standing : { text: null, tests: null, sha256: kept.over },
  );
  const [text, setText] = useState(kept?.text ?? standing.text ?? '');
  const [tests, setTests] = useState(kept?.tests ?? rule.tests);
  const isChanged = text !== base.text || tests !== base.tests;
  const isSame = text === rule.text && tests === rule.tests;
  const isMoved = base.sha256 !== sha256;

  useEffect(() => {
    // What was saved just now, or changed elsewhere while nothing was written here.
    if (!isMoved || (isChanged && !isSame)) return;
    setBase({ text: rule.text, tests: rule.tests, sha256 });
    setText(rule.text);
    setTests(rule.tests);
  }, [isMoved, isChanged, isSame, rule.text, rule.tests, sha256]);

  return {
    ...{ text, tests, isChanged: isChanged && !(isMoved && isSame), over: base.sha256, setText, setTests },
    isOvertaken: isMoved && isChanged && !isSame,
    takeUp: () => {
      setBase(standing);
      setText(standing.text ?? '');
      setTests(standing.tests ?? '');
    },
    keepMine: () => setBase(standing),
  };
}
