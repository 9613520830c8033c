import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** A button that shows an icon alone: its label is what a pointer is told too, unless `title` says more. */
export function IconButton({
  icon,
  label,
  title = label,
  size,
  isOff = false,
  onClick,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly title?: string;
  readonly size?: number;
  readonly isOff?: boolean;
  onClick(): void;
}): ReactNode {
  return (
    <button type="button" className="ib" disabled={isOff} aria-label={label} title={title} onClick={onClick}>
      <Icon name={icon} {...(size !== undefined && { size })} />
    </button>
  );
}
