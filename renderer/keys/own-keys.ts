import { prefer, preferences, usePreferences } from '../prefs.ts';
import { type CommandId, KEY_COMMANDS, type KeyCommand } from './key-map.ts';

let made: { readonly own: OwnKeys; readonly commands: readonly KeyCommand[] } | null = null;
type OwnKeys = Readonly<Record<string, readonly string[]>>;

/** The table of keys with what the person has changed. */
export function keyCommands(own: OwnKeys = preferences().keys): readonly KeyCommand[] {
  if (made?.own !== own) {
    const commands = KEY_COMMANDS.map((command: KeyCommand) => ({ ...command, keys: keysOf(command, own) }));
    made = { own, commands };
  }
  return made.commands;
}

/** As `keyCommands`, and drawn again when they change. */
export function useKeyCommands(): readonly KeyCommand[] {
  return keyCommands(usePreferences().keys);
}

function keysOf({ id, keys }: KeyCommand, own: OwnKeys): readonly string[] {
  const chosen: unknown = Object.hasOwn(own, id) ? own[id] : undefined;
  return Array.isArray(chosen) && chosen.every((key) => typeof key === 'string') ? chosen : keys;
}

/** Commands that work in the same place and have this key already. */
export function takenBy(key: string, id: CommandId, commands: readonly KeyCommand[]): readonly KeyCommand[] {
  const where = commands.find((command) => command.id === id)?.where;
  return commands.filter(
    (other) =>
      other.id !== id &&
      (other.where === where || other.where === 'Anywhere' || where === 'Anywhere') &&
      other.keys.some((each) => each === key || each.startsWith(`${key} `)),
  );
}

/** Gives a command one key in the place of its others; null: those that it was shipped with. */
export function setKey(id: CommandId, key: string | null): void {
  const { [id]: _, ...rest } = preferences().keys;
  prefer({ keys: key === null ? rest : { ...rest, [id]: [key] } });
}
