import { Popover } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Scope } from '../../../core/contract/scope.ts';
import { ask, faultOf } from '../../calls/ask.ts';
import { useBridge } from '../../calls/use-call.ts';
import { Kbd } from '../../keys/kbd.tsx';
import { useKeys } from '../../keys/key-listener.ts';
import { usePlace } from '../../place.ts';

/** Ctrl+G: goes to an event by time, number or auditID. */
export function GoTo({ scope }: { readonly scope: Scope }): ReactNode {
  const bridge = useBridge();
  const { set } = usePlace();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  useKeys({ 'list.goto': () => setOpen(true) });
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const found = await ask(bridge, 'events/find', { text: text.trim(), scope });
      if (found === null) {
        setFault('No such event in this range and query.');
        return;
      }
      setOpen(false);
      set({ event: found.id });
    } catch (error) {
      setFault(faultOf(error).message);
    }
  };
  return (
    <Popover
      unstyled
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      trapFocus
      returnFocus
      classNames={{ dropdown: 'over pop' }}
    >
      <Popover.Target>
        <button type="button" className="btn quiet" onClick={() => setOpen(!isOpen)}>
          Go to <Kbd of="list.goto" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Go to an event">
        <form className="range-form" onSubmit={(event) => void go(event)}>
          <label>
            <span>A time (2026-03-09 01:38), an event’s number or an auditID</span>
            <input
              className="field mono"
              data-autofocus
              value={text}
              aria-invalid={fault !== null}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          {fault === null ? null : (
            <p className="fault" role="alert">
              {fault}
            </p>
          )}
          <button type="submit" className="btn primary">
            Go
          </button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
