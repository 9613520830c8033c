import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Kbd } from '../keys/kbd.tsx';
import { copyText } from '../parts/copy-button.tsx';
import type { MenuOption } from '../parts/drop-menu.tsx';
import type { GridColumn } from './grid-column.ts';
import type { GridProps } from './grid-props.ts';
import { toggle } from './marking.ts';

/** The cell that a menu is about, and where it opens, in px of the window. */
export interface MenuPlace {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** Below a cell, for a menu that a key has asked for. */
export function placeOf(cell: HTMLElement | null): { readonly x: number; readonly y: number } {
  const box = cell?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 8, y: box?.bottom ?? 0 };
}

/** The menu of a cell and its row: by the right button, or by a key. */
export function RowMenu<Row>({
  props,
  columns,
  place,
  onClose,
}: {
  readonly props: GridProps<Row>;
  readonly columns: readonly GridColumn<Row>[];
  readonly place: MenuPlace;
  onClose(): void;
}): ReactNode {
  const row = props.rowAt(place.row);
  const column = columns[place.column];
  if (row === undefined || column === undefined) return null;
  const options = optionsOf(props, row, column, place.row);
  return (
    <Menu
      opened
      onClose={onClose}
      unstyled
      classNames={{ dropdown: 'over menu', item: 'menu-item' }}
      position="bottom-start"
      loop
      returnFocus={false}
      // Not by a key: the one that opened it would close it.
      clickOutsideEvents={['mousedown', 'touchstart']}
    >
      <Menu.Target>
        <span className="menu-place" style={{ left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label="Menu of the row">
        {options.map(({ key, title, detail, isOff, onPick }) => (
          <Menu.Item key={key} disabled={isOff === true} onClick={onPick}>
            <span className="grow">{title}</span>
            {detail}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function optionsOf<Row>(
  props: GridProps<Row>,
  row: Row,
  column: GridColumn<Row>,
  ordinal: number,
): readonly MenuOption[] {
  const { onCell, onMark, onOpen, onSelect } = props;
  const text = column.text?.(row);
  const open = (): void => {
    onSelect?.(ordinal, 'pointer');
    onOpen?.(ordinal);
  };
  return [
    { key: 'open', title: 'Open', detail: <Kbd of="list.open" />, onPick: open },
    ...(onMark === undefined
      ? []
      : [
          {
            key: 'select',
            title: props.marked?.has(ordinal) === true ? 'Take out of the selection' : 'Select',
            detail: <Kbd of="list.select" />,
            onPick: () => toggle(props, ordinal),
          },
        ]),
    ...(onCell === undefined
      ? []
      : (['in', 'out', 'pivot'] as const).map((act) => ({
          key: act,
          title: { in: 'Filter in', out: 'Filter out', pivot: 'Pivot' }[act],
          detail: <Kbd of={`cell.${act}`} />,
          onPick: () => onCell(act, row, column.id),
        }))),
    ...(props.actions?.(row, ordinal) ?? []),
    ...(text === undefined || text === ''
      ? []
      : [{ key: 'copy', title: 'Copy', onPick: () => void copyText(text, column.head || 'Value') }]),
  ];
}
