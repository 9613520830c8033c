import { type ReactNode, useEffect, useRef } from 'react';
import { useKeys } from '../keys/key-listener.ts';
import { prefer, usePreferences } from '../prefs.ts';

const LEAST = 300;
const MOST = 900;

/** The panel docked at the right: resizable, never over the list. Esc closes it and gives the focus back to where it was. */
export function Dock({
  label,
  onClose,
  children,
  isWide = false,
}: {
  readonly label: string;
  onClose(): void;
  readonly children: ReactNode;
  readonly isWide?: boolean;
}): ReactNode {
  const { dockWidth } = usePreferences();
  const panel = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
  }, []);
  useKeys({
    close: () => {
      onClose();
      const back = before.current;
      if (back instanceof HTMLElement && back.isConnected && panel.current?.contains(document.activeElement) === true)
        back.focus();
      else document.querySelector<HTMLElement>('[role="grid"] [tabindex="0"]')?.focus();
    },
  });
  const resize = (width: number): void => prefer({ dockWidth: Math.max(LEAST, Math.min(MOST, Math.round(width))) });
  return (
    <aside
      ref={panel}
      className="dock"
      aria-label={label}
      style={{ width: isWide ? undefined : dockWidth }}
      data-wide={isWide ? '' : undefined}
    >
      {isWide ? null : (
        <div
          role="separator"
          aria-orientation="vertical"
          aria-label="Width of the panel; arrows change it"
          aria-valuenow={dockWidth}
          aria-valuemin={LEAST}
          aria-valuemax={MOST}
          tabIndex={0}
          className="dock-edge"
          onPointerDown={(event) => {
            const start = event.clientX;
            const element = event.currentTarget;
            element.setPointerCapture(event.pointerId);
            const move = (to: PointerEvent): void => resize(dockWidth - (to.clientX - start));
            element.addEventListener('pointermove', move);
            element.addEventListener('pointerup', () => element.removeEventListener('pointermove', move), {
              once: true,
            });
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowLeft') resize(dockWidth + 24);
            else if (event.key === 'ArrowRight') resize(dockWidth - 24);
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      )}
      {children}
    </aside>
  );
}
