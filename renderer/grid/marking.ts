import type { GridProps } from './grid-props.ts';

/** Marks all rows from one to another. */
export function extend<Row>(props: GridProps<Row>, from: number, to: number): void {
  if (props.onMark === undefined) return;
  const marked = new Set(props.marked);
  for (let ordinal = Math.min(from, to); ordinal <= Math.max(from, to); ordinal++) marked.add(ordinal);
  props.onMark(marked);
}

/** Marks a row, or takes its mark off. */
export function toggle<Row>(props: GridProps<Row>, ordinal: number): void {
  if (props.onMark === undefined) return;
  const marked = new Set(props.marked);
  if (!marked.delete(ordinal)) marked.add(ordinal);
  props.onMark(marked);
}
