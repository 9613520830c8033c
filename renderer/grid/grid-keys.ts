import { type CommandId, commandsFor, type Stroke, strokeOf } from '../keys/key-map.ts';
import { keyCommands } from '../keys/own-keys.ts';

/** Commands that a grid carries out itself. */
const ACTS = [
  'list.open',
  'list.all',
  'list.select',
  'list.menu',
  'cell.in',
  'cell.out',
  'cell.pivot',
] as const satisfies readonly CommandId[];
export type GridAct = (typeof ACTS)[number];

export const CELL_ACTS = { 'cell.in': 'in', 'cell.out': 'out', 'cell.pivot': 'pivot' } as const;

/** What a stroke asks of a grid, by the keys as the person has set them. */
export function gridAct(event: Stroke): GridAct | null {
  const { ends } = commandsFor(null, strokeOf(event), keyCommands());
  return ACTS.find((act) => ends.includes(act)) ?? null;
}

interface Bounds {
  readonly page: number;
  readonly rowCount: number;
  readonly column: number;
  readonly columns: number;
}

type Move = { readonly rows: number; readonly isExtending: boolean } | { readonly column: number };

/** Where a stroke moves to: by rows, or to a column. Null: nowhere. */
export function gridMove(event: Stroke, { page, rowCount, column, columns }: Bounds): Move | null {
  if (event.altKey || event.metaKey) return null;
  const isExtending = event.shiftKey;
  const rows = (by: number): Move => ({ rows: by, isExtending });
  const isWhole = event.ctrlKey;
  if (event.key === 'Home') return isWhole || column === 0 ? rows(-rowCount) : { column: 0 };
  if (event.key === 'End') return isWhole || column === columns - 1 ? rows(rowCount) : { column: columns - 1 };
  if (isWhole) return null;
  if (event.key === 'PageDown') return rows(page);
  if (event.key === 'PageUp') return rows(-page);
  if (event.key === 'ArrowDown') return rows(1);
  if (event.key === 'ArrowUp') return rows(-1);
  if (event.key === 'ArrowRight') return { column: Math.min(columns - 1, column + 1) };
  if (event.key === 'ArrowLeft') return { column: Math.max(0, column - 1) };
  const { ends } = commandsFor(null, strokeOf(event), keyCommands());
  if (ends.includes('list.next')) return rows(1);
  return ends.includes('list.previous') ? rows(-1) : null;
}
