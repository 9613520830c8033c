/** Every command that has a key: the cheat sheet, the palette and the listener read this one table. */

export interface KeyCommand {
  readonly id: string;
  /** What it does, as a button would say it. */
  readonly title: string;
  readonly where: 'Anywhere' | 'Lists' | 'Alerts' | 'Timeline' | 'Hunt and rules';
  /** Alternatives; a sequence has spaces between its strokes: `g a`. */
  readonly keys: readonly string[];
  /** Works while a field is being typed into. */
  readonly inFields?: true;
}

export const KEY_COMMANDS = [
  { id: 'search', title: 'Search', where: 'Anywhere', keys: ['/'] },
  { id: 'palette', title: 'Commands', where: 'Anywhere', keys: ['Ctrl+k'], inFields: true },
  { id: 'keys', title: 'This sheet', where: 'Anywhere', keys: ['?'] },
  { id: 'go.overview', title: 'Overview', where: 'Anywhere', keys: ['g o', 'Ctrl+1'] },
  { id: 'go.evidence', title: 'Evidence', where: 'Anywhere', keys: ['g v', 'Ctrl+2'] },
  { id: 'go.timeline', title: 'Timeline', where: 'Anywhere', keys: ['g t', 'Ctrl+3'] },
  { id: 'go.alerts', title: 'Alerts', where: 'Anywhere', keys: ['g a', 'Ctrl+4'] },
  { id: 'go.hunt', title: 'Hunt', where: 'Anywhere', keys: ['g h', 'Ctrl+5'] },
  { id: 'go.entities', title: 'Entities', where: 'Anywhere', keys: ['g e', 'Ctrl+6'] },
  { id: 'go.rules', title: 'Rules', where: 'Anywhere', keys: ['g r', 'Ctrl+7'] },
  { id: 'go.report', title: 'Report', where: 'Anywhere', keys: ['g p', 'Ctrl+8'] },
  { id: 'range.reset', title: 'Whole case', where: 'Anywhere', keys: ['0'] },
  { id: 'undo', title: 'Undo', where: 'Anywhere', keys: ['Ctrl+z'] },
  { id: 'pane.next', title: 'Next pane', where: 'Anywhere', keys: ['F6'], inFields: true },
  { id: 'list.next', title: 'Next', where: 'Lists', keys: ['j', 'ArrowDown'] },
  { id: 'list.previous', title: 'Previous', where: 'Lists', keys: ['k', 'ArrowUp'] },
  { id: 'list.open', title: 'Open in the panel', where: 'Lists', keys: ['Enter'] },
  { id: 'close', title: 'Close, back to the row', where: 'Lists', keys: ['Escape'] },
  { id: 'list.extend', title: 'Select more', where: 'Lists', keys: ['Shift+ArrowDown', 'Shift+ArrowUp'] },
  { id: 'list.select', title: 'Select', where: 'Lists', keys: ['x'] },
  { id: 'list.menu', title: 'Menu of the row', where: 'Lists', keys: ['Shift+F10', 'ContextMenu'] },
  { id: 'panel.previous', title: 'Previous, from the panel', where: 'Lists', keys: ['['] },
  { id: 'panel.next', title: 'Next, from the panel', where: 'Lists', keys: [']'] },
  { id: 'list.all', title: 'Select all', where: 'Lists', keys: ['Ctrl+a'] },
  { id: 'cell.in', title: 'Filter in', where: 'Lists', keys: ['+'] },
  { id: 'cell.out', title: 'Filter out', where: 'Lists', keys: ['-'] },
  { id: 'cell.pivot', title: 'Pivot', where: 'Lists', keys: ['p'] },
  { id: 'list.goto', title: 'Go to time, number or auditID', where: 'Lists', keys: ['Ctrl+g'] },
  { id: 'list.marked', title: 'Only marked', where: 'Lists', keys: ['Ctrl+b'] },
  { id: 'alert.nextHigh', title: 'Next high or critical', where: 'Alerts', keys: ['e'] },
  { id: 'alert.previousHigh', title: 'Previous high or critical', where: 'Alerts', keys: ['Shift+e'] },
  { id: 'alert.confirm', title: 'Confirm', where: 'Alerts', keys: ['y'] },
  { id: 'alert.benign', title: 'Benign', where: 'Alerts', keys: ['b'] },
  { id: 'alert.dismiss', title: 'Dismiss', where: 'Alerts', keys: ['d'] },
  { id: 'alert.save', title: 'Save and next', where: 'Alerts', keys: ['Ctrl+Enter'], inFields: true },
  { id: 'alert.star', title: 'Star', where: 'Alerts', keys: ['s'] },
  { id: 'alert.tag', title: 'Tag', where: 'Alerts', keys: ['t'] },
  { id: 'alert.note', title: 'Note', where: 'Alerts', keys: ['c'] },
  { id: 'alert.proof', title: 'Show proof', where: 'Alerts', keys: ['Space'] },
  { id: 'time.in', title: 'Zoom in', where: 'Timeline', keys: ['z'] },
  { id: 'time.out', title: 'Zoom out', where: 'Timeline', keys: ['Shift+z'] },
  { id: 'time.left', title: 'Move to earlier', where: 'Timeline', keys: ['ArrowLeft'] },
  { id: 'time.right', title: 'Move to later', where: 'Timeline', keys: ['ArrowRight'] },
  { id: 'time.widen', title: 'Widen the range', where: 'Timeline', keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'] },
  { id: 'time.around1', title: '1 minute around', where: 'Timeline', keys: ['1'] },
  { id: 'time.around5', title: '5 minutes around', where: 'Timeline', keys: ['5'] },
  { id: 'time.marker', title: 'Set a marker', where: 'Timeline', keys: ['m'] },
  { id: 'hunt.run', title: 'Run', where: 'Hunt and rules', keys: ['Ctrl+Enter'], inFields: true },
  { id: 'hunt.complete', title: 'Complete', where: 'Hunt and rules', keys: ['Ctrl+Space'], inFields: true },
  { id: 'rule.save', title: 'Save and compare', where: 'Hunt and rules', keys: ['Ctrl+s'], inFields: true },
] as const satisfies readonly KeyCommand[];

export type CommandId = (typeof KEY_COMMANDS)[number]['id'];

/** What of a keyboard event makes a stroke. */
export interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The stroke of a keyboard event as the table writes it: `Ctrl+k`, `Shift+e`, `?`, `ArrowDown`. */
export function strokeOf(event: Stroke): string {
  const isLetter = /^[a-z]$/i.test(event.key);
  const key = event.key === ' ' ? 'Space' : isLetter ? event.key.toLowerCase() : event.key;
  const shows = isLetter || event.key.length > 1;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && shows ? 'Shift+' : ''}${key}`;
}

/** Commands that a stroke ends, and whether it begins a sequence; `before` is the stroke that came just before. */
export function commandsFor(
  before: string | null,
  stroke: string,
  commands: readonly KeyCommand[] = KEY_COMMANDS,
): { readonly ends: readonly CommandId[]; readonly begins: boolean } {
  const whole = before === null ? stroke : `${before} ${stroke}`;
  const ends = commands.filter((command) => command.keys.includes(whole)).map((command) => command.id as CommandId);
  const begins = commands.some((command) => command.keys.some((key) => key.startsWith(`${stroke} `)));
  return { ends, begins };
}
