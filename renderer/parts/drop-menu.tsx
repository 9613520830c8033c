import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface MenuOption {
  readonly key: string;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly isChosen?: boolean;
  readonly isOff?: boolean;
  onPick(): void;
}

/** A button that opens a menu. */
export function DropMenu({
  label,
  children,
  options,
  quiet = false,
}: {
  readonly label: string;
  readonly children: ReactNode;
  readonly options: readonly MenuOption[];
  readonly quiet?: boolean;
}): ReactNode {
  return (
    <Menu unstyled classNames={{ dropdown: 'over menu', item: 'menu-item' }} position="bottom-end" loop>
      <Menu.Target>
        <button type="button" className={quiet ? 'btn quiet' : 'btn'} title={label}>
          {children}
          <span className="caret">
            <Icon name="caret" size={12} />
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map((option) => (
          <Menu.Item
            key={option.key}
            disabled={option.isOff === true}
            onClick={option.onPick}
            {...(option.isChosen === undefined ? {} : { role: 'menuitemradio', 'aria-checked': option.isChosen })}
          >
            {option.isChosen === undefined ? null : (
              <span className="tick">{option.isChosen ? <Icon name="check" size={12} /> : null}</span>
            )}
            <span className="grow">{option.title}</span>
            {option.detail === undefined ? null : <span className="t3">{option.detail}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
