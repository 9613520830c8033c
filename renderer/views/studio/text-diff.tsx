import { type ReactNode, useEffect, useRef } from 'react';
import { applyTheme, LANGUAGE, monaco } from './monaco.ts';

/** The text beside the saved one. */
export function TextDiff({ saved, text }: { readonly saved: string; readonly text: string }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    applyTheme();
    const editor = monaco.editor.createDiffEditor(place.current, {
      ...{ readOnly: true, automaticLayout: true, minimap: { enabled: false }, fontSize: 12, links: false },
      ...{ originalAriaLabel: 'Saved text', modifiedAriaLabel: 'Text now' },
    });
    const [original, modified] = [saved, text].map((value) => monaco.editor.createModel(value, LANGUAGE));
    if (original && modified) editor.setModel({ original, modified });
    return () => {
      editor.setModel(null);
      editor.dispose();
      original?.dispose();
      modified?.dispose();
    };
  }, [saved, text]);
  return <div ref={place} className="studio-editor" />;
}
