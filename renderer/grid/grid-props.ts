import type { ReactNode, Ref } from 'react';
import type { MenuOption } from '../parts/drop-menu.tsx';
import type { GridColumn } from './grid-column.ts';

/** What a view can ask of its grid. */
export interface GridHandle {
  move(by: number): void;
  goTo(ordinal: number): void;
  focus(): void;
}

export interface GridProps<Row> {
  /** Names the grid for people who do not see it, and its columns in the preferences. */
  readonly label: string;
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rowCount: number;
  /** The row at an ordinal, undefined while it is on its way. */
  rowAt(ordinal: number): Row | undefined;
  /** Tells which rows are in sight, so that they can be fetched. */
  onSight?(first: number, last: number): void;
  /** Ordinal of the chosen row; the list keeps its place when it changes elsewhere. */
  readonly selected?: number | null;
  /** By a key only moves on; by pointer means this row. */
  onSelect?(ordinal: number, by: 'key' | 'pointer'): void;
  /** Enter or a second click. */
  onOpen?(ordinal: number): void;
  readonly marked?: ReadonlySet<number>;
  onMark?(marked: ReadonlySet<number>): void;
  /** `+`, `-` and `p` on a cell. */
  onCell?(action: 'in' | 'out' | 'pivot', row: Row, columnId: string): void;
  /** What the menu of a row offers beside opening, selecting, filtering and copying. */
  actions?(row: Row, ordinal: number): readonly MenuOption[];
  /** A row that spans all columns, for headings of groups. */
  whole?(row: Row): ReactNode | null;
  rowClass?(row: Row): string | undefined;
  readonly handle?: Ref<GridHandle>;
  /** Said in the place of rows. */
  readonly empty?: ReactNode;
}
