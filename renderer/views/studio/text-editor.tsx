import { type ReactNode, useEffect, useRef } from 'react';
import type { Diagnostic, TextRange } from '../../../core/contract/studio-calls.ts';
import { markerOf } from './language.ts';
import { applyTheme, LANGUAGE, monaco } from './monaco.ts';

export interface TextEditorProps {
  readonly label: string;
  readonly value: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** Where the cursor is to go; each new object goes anew. */
  readonly goTo?: TextRange | null;
  onChange(text: string): void;
  /** The model that features of the language ask about. */
  onModel?(model: monaco.editor.ITextModel | null): void;
}

/** One text in the editor. The text outside wins where it differs. */
export function TextEditor({ label, value, diagnostics = [], goTo, onChange, onModel }: TextEditorProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<monaco.editor.IStandaloneCodeEditor | null>(null);
  const calls = useRef({ onChange, onModel });
  calls.current = { onChange, onModel };
  const first = useRef(value);

  useEffect(() => {
    if (place.current === null) return;
    applyTheme();
    const made = monaco.editor.create(place.current, {
      ...{ value: first.current, language: LANGUAGE, ariaLabel: label, automaticLayout: true, tabSize: 2 },
      ...{ minimap: { enabled: false }, scrollBeyondLastLine: false, fontSize: 12, links: false },
      // Enter takes what is offered only where that changes something; values are text to YAML, and offered all the same.
      ...{ acceptSuggestionOnEnter: 'smart', quickSuggestions: { other: true, strings: true, comments: false } },
      // A plain text area is what the window's keys and assistive programs know.
      ...{
        editContext: false,
        fixedOverflowWidgets: true,
        wordBasedSuggestions: 'off',
        stickyScroll: { enabled: false },
      },
    });
    editor.current = made;
    made.onDidChangeModelContent(() => calls.current.onChange(made.getValue()));
    calls.current.onModel?.(made.getModel());
    // Whoever opens a rule by a button that is gone now writes next; whoever walks through a list goes on walking.
    if (document.activeElement === document.body) made.focus();
    return () => {
      calls.current.onModel?.(null);
      // The editor's own model goes with it, after all that still looks at the text.
      made.dispose();
      editor.current = null;
    };
  }, [label]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (!model || model.getValue() === value) return;
    // As an edit, so that the editor's own undo brings back what stood there.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
  }, [value]);

  useEffect(() => {
    const model = editor.current?.getModel();
    if (model) monaco.editor.setModelMarkers(model, 'engine', diagnostics.map(markerOf));
  }, [diagnostics]);

  useEffect(() => {
    if (!goTo || editor.current === null) return;
    editor.current.setPosition({ lineNumber: goTo.line, column: goTo.column });
    editor.current.revealLineInCenterIfOutsideViewport(goTo.line);
    editor.current.focus();
  }, [goTo]);

  return <div ref={place} className="studio-editor" />;
}
