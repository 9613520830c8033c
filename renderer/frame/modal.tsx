import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

/** The one kind of overlay that takes the whole window: palette, key sheet, settings. Esc closes and focus goes back. */
export function Sheet({
  isOpen,
  label,
  onClose,
  children,
  size,
}: {
  readonly isOpen: boolean;
  readonly label: string;
  readonly size: number;
  onClose(): void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Modal.Root opened={isOpen} onClose={onClose} unstyled transitionProps={{ duration: 0 }} lockScroll={false}>
      <Modal.Overlay className="scrim-back" />
      <Modal.Content className="scrim" aria-label={label}>
        <div className="over sheet" style={{ width: size }}>
          {children}
        </div>
      </Modal.Content>
    </Modal.Root>
  );
}
