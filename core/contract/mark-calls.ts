import type { EntityRef, Page } from './scope.ts';

/** What a mark is put on. Ids of events and alerts are turned into their lasting identities when they are stored. */
export type MarkTarget =
  | { readonly kind: 'event'; readonly id: number }
  | { readonly kind: 'alert'; readonly id: number }
  | { readonly kind: 'incident'; readonly id: number }
  | { readonly kind: 'entity'; readonly entity: EntityRef }
  /** A place or a stretch of the time line (then `to` > `from`). */
  | { readonly kind: 'time'; readonly from: number; readonly to: number };

export type MarkKind = 'star' | 'tag' | 'note' | 'verdict' | 'marker';
export const MARK_KINDS: readonly MarkKind[] = ['star', 'tag', 'note', 'verdict', 'marker'];

/** Longest text of a note; a tag has at most 64 characters. */
export const MOST_NOTE_CHARACTERS = 20_000;
export const MOST_TAG_CHARACTERS = 64;

export interface Mark {
  readonly id: number;
  readonly kind: MarkKind;
  /** Null ids: what it was put on is not in the case any more (another run found no such alert). */
  readonly target: MarkTarget | null;
  /** What it was put on, in words. */
  readonly title: string;
  /** Tag, note (Markdown), verdict; empty for a star. */
  readonly text: string;
  readonly examiner: string;
  readonly time: number;
}

export interface MarkDraft {
  readonly kind: MarkKind;
  readonly text: string;
}

export interface MarkCalls {
  /** Of one target, or of the whole case by kind; oldest first. */
  'marks/list': (req: {
    readonly target?: MarkTarget;
    readonly kinds?: readonly MarkKind[];
    readonly after?: number;
    readonly limit: number;
  }) => Page<Mark, number>;
  /** Tags in use with their counts, most used first. */
  'marks/tags': (req: Record<string, never>) => readonly { readonly tag: string; readonly count: number }[];
  /** The same mark on many targets. A star or tag that is there already stays as it is. Admin. */
  'marks/add': (req: { readonly targets: readonly MarkTarget[]; readonly mark: MarkDraft }) => {
    readonly action: number;
    readonly ids: readonly number[];
  };
  /** Takes a star or a tag off many targets. Admin. */
  'marks/take-off': (req: { readonly targets: readonly MarkTarget[]; readonly mark: MarkDraft }) => {
    readonly action: number;
    readonly removed: number;
  };
  /** Leaves a tombstone. Admin. */
  'marks/remove': (req: { readonly ids: readonly number[] }) => { readonly action: number };
  /** The text before stays in the action log. Admin. */
  'marks/edit': (req: { readonly id: number; readonly text: string }) => { readonly action: number };
}
