import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { MarkGlance } from '../../core/contract/event-calls.ts';
import {
  type MarkKind,
  type MarkTarget,
  MOST_NOTE_CHARACTERS,
  MOST_TAG_CHARACTERS,
} from '../../core/contract/mark-calls.ts';
import { useCall, useMayChange } from '../calls/use-call.ts';
import { Kbd, useKeyTitle } from '../keys/kbd.tsx';
import { useKeys } from '../keys/key-listener.ts';
import { EvidenceText } from '../parts/evidence-text.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { dayAndTime } from '../words/time.ts';
import { useMarking } from './use-marks.ts';

interface MarkBarProps {
  readonly target: MarkTarget;
  /** What it is, in words: `alert 19`. */
  readonly what: string;
  readonly marks: MarkGlance;
  /** s, t and c work while the bar stands. */
  readonly hasKeys?: boolean;
}

/** Star, tag and note, as three buttons; tag and note open a field below (`MarkEditor`). */
export function useMarkBar({ target, what, marks, hasKeys = false }: MarkBarProps): {
  readonly buttons: ReactNode;
  readonly editor: ReactNode;
} {
  const [editing, setEditing] = useState<'tag' | 'note' | null>(null);
  const mayChange = useMayChange();
  const marking = useMarking();
  const titled = useKeyTitle();
  const star = (): void => {
    if (marks.isStarred) void marking.takeOff([target], { kind: 'star', text: '' }, what);
    else void marking.add([target], { kind: 'star', text: '' }, what);
  };
  useKeys(
    hasKeys && mayChange
      ? { 'alert.star': star, 'alert.tag': () => setEditing('tag'), 'alert.note': () => setEditing('note') }
      : {},
  );
  const buttons = (
    <>
      <button
        type="button"
        className="ib"
        disabled={!mayChange}
        aria-pressed={marks.isStarred}
        aria-label={`Star ${what}`}
        title={titled('Star', 'alert.star')}
        onClick={star}
      >
        <span className={marks.isStarred ? 'starred' : undefined}>
          <Icon name="star" isFilled={marks.isStarred} />
        </span>
      </button>
      <IconButton
        icon="tag"
        isOff={!mayChange}
        label={`Tag ${what}`}
        title={titled('Tag', 'alert.tag')}
        onClick={() => setEditing('tag')}
      />
      <IconButton
        icon="note"
        isOff={!mayChange}
        label={`Note on ${what}`}
        title={titled('Note', 'alert.note')}
        onClick={() => setEditing('note')}
      />
    </>
  );
  const editor =
    editing === null ? null : (
      <MarkEditor
        key={editing}
        kind={editing}
        onCancel={() => setEditing(null)}
        onSave={(text) => {
          setEditing(null);
          void marking.add([target], { kind: editing, text }, what);
        }}
      />
    );
  return { buttons, editor };
}

/** A field for a tag or a note. */
export function MarkEditor({
  kind,
  start = '',
  onSave,
  onCancel,
}: {
  readonly kind: MarkKind;
  readonly start?: string;
  onSave(text: string): void;
  onCancel(): void;
}): ReactNode {
  const id = useId();
  const [text, setText] = useState(start);
  const tags = useCall('marks/tags', {}, { isOn: kind === 'tag' }).data ?? [];
  const save = (event?: FormEvent): void => {
    event?.preventDefault();
    if (text.trim() !== '') onSave(text.trim());
  };
  useKeys({
    close: () => onCancel(),
    'alert.save': () => save(),
  });
  return (
    <form className="sec mark-editor" onSubmit={save}>
      <label htmlFor={id} className="t3">
        {kind === 'tag' ? 'Tag' : 'Note, kept in the case and in the report; Markdown'}
      </label>
      {kind === 'tag' ? (
        <>
          <input
            id={id}
            className="field"
            list={`${id}tags`}
            maxLength={MOST_TAG_CHARACTERS}
            value={text}
            onChange={(event) => setText(event.target.value)}
            ref={focusNow}
            autoComplete="off"
          />
          <datalist id={`${id}tags`}>
            {tags.map((tag) => (
              <option key={tag.tag} value={tag.tag} />
            ))}
          </datalist>
        </>
      ) : (
        <textarea
          id={id}
          className="field"
          rows={4}
          maxLength={MOST_NOTE_CHARACTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
          ref={focusNow}
        />
      )}
      <div className="row">
        <button type="submit" className="btn primary">
          Save {kind} {kind === 'tag' ? <kbd className="kbd">↵</kbd> : <Kbd of="alert.save" />}
        </button>
        <button type="button" className="btn quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** Focus goes to what has just been opened. */
export function focusNow(element: HTMLElement | null): void {
  if (element !== null && element.dataset['focused'] === undefined) {
    element.dataset['focused'] = '';
    element.focus();
  }
}

/** Tags and notes of one thing; each can be removed, notes changed. */
export function MarkList({ target }: { readonly target: MarkTarget }): ReactNode {
  const list = useCall('marks/list', { target, limit: 200 }, { keeps: true });
  const mayChange = useMayChange();
  const marking = useMarking();
  const [editing, setEditing] = useState<number | null>(null);
  const marks = (list.data?.rows ?? []).filter((mark) => mark.kind !== 'star');
  if (marks.length === 0) return null;
  return (
    <section className="sec">
      <h2>Notes and tags</h2>
      <div className="row wrap">
        {marks
          .filter((mark) => mark.kind === 'tag')
          .map((mark) => (
            <span key={mark.id} className="chip">
              <Icon name="tag" size={11} />
              <EvidenceText>{mark.text}</EvidenceText>
              {mayChange ? (
                <button
                  type="button"
                  className="chip-x"
                  aria-label={`Remove tag ${mark.text}`}
                  onClick={() => void marking.remove(mark.id, `Tag “${mark.text}”`)}
                >
                  <Icon name="close" size={10} />
                </button>
              ) : null}
            </span>
          ))}
      </div>
      {marks
        .filter((mark) => mark.kind !== 'tag')
        .map((mark) =>
          editing === mark.id ? (
            <MarkEditor
              key={mark.id}
              kind="note"
              start={mark.text}
              onCancel={() => setEditing(null)}
              onSave={(text) => {
                setEditing(null);
                void marking.edit(mark.id, text);
              }}
            />
          ) : (
            <div key={mark.id} className="written">
              <p className="pre">
                <EvidenceTextLines text={mark.text} />
              </p>
              <div className="row t3">
                <span className="grow">
                  <EvidenceText>{mark.examiner}</EvidenceText>, {dayAndTime(mark.time)} UTC
                </span>
                {mayChange ? (
                  <>
                    <IconButton icon="pencil" size={12} label="Change this note" onClick={() => setEditing(mark.id)} />
                    <IconButton
                      icon="close"
                      size={12}
                      label="Remove this note"
                      onClick={() => void marking.remove(mark.id, 'Note')}
                    />
                  </>
                ) : null}
              </div>
            </div>
          ),
        )}
    </section>
  );
}

/** A text of several lines, each made visible. */
export function EvidenceTextLines({ text }: { readonly text: string }): ReactNode {
  return text.split('\n').map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
    <span key={index}>
      <EvidenceText>{line}</EvidenceText>
      {'\n'}
    </span>
  ));
}
