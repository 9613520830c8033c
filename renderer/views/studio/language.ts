import type { DecklogBridge } from '../../../core/contract/calls.ts';
import type { CompletionItem, Diagnostic, OutlineEntry, TextRange } from '../../../core/contract/studio-calls.ts';
import { LANGUAGE, monaco } from './monaco.ts';
import { withNewId } from './snippet-text.ts';

/** What the engine has said last of a text; the editor's own features read it. */
export interface Known {
  diagnostics: readonly Diagnostic[];
  outline: readonly OutlineEntry[];
}

type Model = monaco.editor.ITextModel;

const rangeOf = ({ line, column, endLine, endColumn }: TextRange): monaco.IRange => ({
  startLineNumber: line,
  startColumn: column,
  endLineNumber: endLine,
  endColumn,
});

const KINDS: Readonly<Record<CompletionItem['kind'], monaco.languages.CompletionItemKind>> = {
  key: monaco.languages.CompletionItemKind.Property,
  field: monaco.languages.CompletionItemKind.Field,
  modifier: monaco.languages.CompletionItemKind.Operator,
  value: monaco.languages.CompletionItemKind.Value,
  word: monaco.languages.CompletionItemKind.Keyword,
  snippet: monaco.languages.CompletionItemKind.Snippet,
};

/** Makes completion, hover, quick fixes, outline and formatting of rule texts come from the engine. The answer takes them back. */
export function connectLanguage(bridge: DecklogBridge, known: (model: Model) => Known | undefined): () => void {
  const { languages } = monaco;
  const parts = [
    languages.registerCompletionItemProvider(LANGUAGE, {
      triggerCharacters: ['|', '.'],
      provideCompletionItems: async (model, { lineNumber: line, column }, _context, token) => {
        if (known(model) === undefined) return { suggestions: [] };
        const answer = await bridge.call(
          'studio/complete',
          { text: model.getValue(), line, column },
          cancelledBy(token),
        );
        if (!answer.ok) return { suggestions: [] };
        const range = rangeOf(answer.value);
        return { suggestions: answer.value.items.map((item, index) => suggestion(item, index, range)) };
      },
    }),
    languages.registerHoverProvider(LANGUAGE, {
      provideHover: async (model, { lineNumber: line, column }, token) => {
        if (known(model) === undefined) return null;
        const answer = await bridge.call('studio/hover', { text: model.getValue(), line, column }, cancelledBy(token));
        if (!answer.ok || answer.value === null) return null;
        const { title, lines } = answer.value;
        // Markdown without HTML and links: values of evidence stand in it.
        const contents = [`**${escaped(title)}**`, ...lines.map(escaped)].map((value) => ({ value, isTrusted: false }));
        return { range: rangeOf(answer.value), contents };
      },
    }),
    languages.registerCodeActionProvider(LANGUAGE, {
      provideCodeActions: (model, range) => {
        const found = (known(model)?.diagnostics ?? []).filter(
          ({ line, endLine }) => line <= range.endLineNumber && endLine >= range.startLineNumber,
        );
        return { actions: found.flatMap((diagnostic) => actionsOf(diagnostic, model)), dispose() {} };
      },
    }),
    languages.registerDocumentSymbolProvider(LANGUAGE, {
      provideDocumentSymbols: (model) => (known(model)?.outline ?? []).map((entry) => symbolOf(entry, model)),
    }),
    languages.registerDocumentFormattingEditProvider(LANGUAGE, {
      provideDocumentFormattingEdits: async (model) => {
        const answer = await bridge.call('studio/format', { text: model.getValue() });
        return answer.ok ? [{ range: model.getFullModelRange(), text: answer.value.text }] : [];
      },
    }),
  ];
  return () => {
    for (const part of parts) part.dispose();
  };
}

function cancelledBy(token: monaco.CancellationToken): { signal: AbortSignal } {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal };
}

function suggestion(item: CompletionItem, index: number, range: monaco.IRange): monaco.languages.CompletionItem {
  return {
    label: { label: item.label, description: item.detail },
    kind: KINDS[item.kind],
    insertText: item.kind === 'snippet' ? withNewId(item.insert) : item.insert,
    range,
    documentation: item.about,
    sortText: String(index).padStart(6, '0'),
    ...(item.kind === 'snippet' && {
      insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
    }),
  };
}

/** Text as Markdown shows it: no markup comes through. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, '\\$&');

function actionsOf(diagnostic: Diagnostic, model: Model): monaco.languages.CodeAction[] {
  return diagnostic.fixes.map(({ title, edits }) => ({
    title,
    kind: 'quickfix',
    diagnostics: [markerOf(diagnostic)],
    isPreferred: true,
    edit: {
      edits: edits.map((edit) => ({
        resource: model.uri,
        versionId: model.getVersionId(),
        textEdit: { range: rangeOf(edit), text: edit.text },
      })),
    },
  }));
}

const SEVERITIES = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  hint: monaco.MarkerSeverity.Info,
} as const;

export const markerOf = (diagnostic: Diagnostic): monaco.editor.IMarkerData => ({
  ...rangeOf(diagnostic),
  severity: SEVERITIES[diagnostic.severity],
  message: diagnostic.message,
  code: diagnostic.code,
});

function symbolOf({ name, kind, line, children }: OutlineEntry, model: Model): monaco.languages.DocumentSymbol {
  const last = Math.max(line, ...children.map((child) => child.line));
  const range = new monaco.Range(line, 1, last, model.getLineMaxColumn(Math.min(last, model.getLineCount())));
  return {
    name: name || kind,
    detail: kind,
    kind: children.length > 0 ? monaco.languages.SymbolKind.Class : monaco.languages.SymbolKind.Field,
    tags: [],
    range,
    selectionRange: new monaco.Range(line, 1, line, 1),
    children: children.map((child) => symbolOf(child, model)),
  };
}
