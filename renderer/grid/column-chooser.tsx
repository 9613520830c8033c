import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { prefer, usePreferences } from '../prefs.ts';
import { type GridColumn, visibleColumns } from './grid-column.ts';

/** The menu that shows and hides columns of a grid, and forgets their widths. */
export function ColumnChooser<Row>({
  name,
  columns,
}: {
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
}): ReactNode {
  const { grids } = usePreferences();
  const shown = new Set(visibleColumns(columns, grids[name]?.hidden).map((column) => column.id));
  const set = (id: string, isShown: boolean): void => {
    const next = new Set(shown);
    if (isShown) next.add(id);
    else next.delete(id);
    if (next.size === 0) return;
    const hidden = columns.filter((column) => !next.has(column.id)).map((column) => column.id);
    prefer({ grids: { ...grids, [name]: { ...grids[name], hidden } } });
  };
  const forget = (): void => {
    const { [name]: _, ...rest } = grids;
    prefer({ grids: rest });
  };
  return (
    <Menu
      unstyled
      classNames={{ dropdown: 'over menu', item: 'menu-item' }}
      closeOnItemClick={false}
      position="bottom-end"
    >
      <Menu.Target>
        <button type="button" className="btn quiet">
          <Icon name="columns" />
          <span className="wide">Columns</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map((column) => (
          <Menu.Item
            key={column.id}
            role="menuitemcheckbox"
            aria-checked={shown.has(column.id)}
            onClick={() => set(column.id, !shown.has(column.id))}
          >
            <span className={shown.has(column.id) ? 'box on' : 'box'}>
              {shown.has(column.id) ? <Icon name="check" size={11} /> : null}
            </span>
            {column.head === '' ? column.id : column.head}
          </Menu.Item>
        ))}
        <Menu.Item onClick={forget}>
          <span className="box none" />
          As shipped
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
