import { useLayoutEffect, useRef } from 'react';
import { type CommandId, commandsFor, strokeOf } from './key-map.ts';
import { keyCommands } from './own-keys.ts';

/** What a handler may answer: `false` lets the next handler, or the browser, have the key. */
export type KeyHandler = (event: KeyboardEvent | null) => unknown;
export type KeyHandlers = Partial<Record<CommandId, KeyHandler>>;

const SEQUENCE_MS = 1200;
interface Layer {
  readonly current: KeyHandlers;
  readonly rank: number;
}

/** Innermost last: a panel that opened later is asked first. */
const layers: Layer[] = [];
let before: { readonly stroke: string; readonly at: number } | null = null;

/** Registers what keys do while the component stands; a higher rank is asked before what opened later. */
export function useKeys(handlers: KeyHandlers, rank = 0): void {
  const ref = useRef(handlers);
  ref.current = handlers;
  // With what is drawn, not after it: whoever sees the view may press its keys.
  useLayoutEffect(() => {
    const layer: Layer = {
      rank,
      get current() {
        return ref.current;
      },
    };
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [rank]);
}

/** Carries a command out as its key would: for the palette. Answers whether somebody did. */
export function runCommand(id: CommandId, event: KeyboardEvent | null = null): boolean {
  for (const layer of [...layers].reverse().sort((a, b) => b.rank - a.rank)) {
    const handler = layer.current[id];
    if (handler !== undefined && handler(event) !== false) return true;
  }
  return false;
}

/** Commands that would do something now. */
export function availableCommands(): ReadonlySet<CommandId> {
  return new Set(layers.flatMap((layer) => Object.keys(layer.current) as CommandId[]));
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

/** Buttons and links press themselves with these. */
function isOwnKey(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  const presses =
    target.closest('button, a[href], input, summary, [role="menuitem"], [role="option"], [role="tab"]') !== null;
  return presses && (event.key === 'Enter' || event.key === ' ');
}

/** A sheet has opened and the focus is still on its way there: what is typed is meant for the sheet. */
function isBehindSheet({ target, key }: KeyboardEvent): boolean {
  const sheet = document.querySelector('.sheet');
  return sheet !== null && key !== 'Escape' && !(target instanceof Node && sheet.contains(target));
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isBehindSheet(event)) return;
  const stroke = strokeOf(event);
  if (['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
  const isFresh = before !== null && event.timeStamp - before.at < SEQUENCE_MS;
  const commands = keyCommands();
  const sequence = commandsFor(isFresh ? (before?.stroke ?? null) : null, stroke, commands);
  const found = sequence.ends.length > 0 ? sequence : commandsFor(null, stroke, commands);
  before = found.begins && !isTyping(event.target) ? { stroke, at: event.timeStamp } : null;
  if (isOwnKey(event) && !event.ctrlKey) return;
  for (const id of found.ends) {
    const command = commands.find((each) => each.id === id);
    const worksHere = !isTyping(event.target) || command?.inFields === true || id === 'close';
    if (worksHere && runCommand(id, event)) {
      event.preventDefault();
      return;
    }
  }
}

/** Listens for the whole window. Call once. */
export function listenForKeys(): () => void {
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
