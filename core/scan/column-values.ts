import type { ColumnBuilder, Dictionaries } from './columns.ts';

/** Values remembered of each kind; a log with more starts afresh. */
const MOST_REMEMBERED = 4096;

/** Keys of a user, in the order of their bits. */
const USER_KEYS = ['username', 'uid', 'groups', 'extra'] as const;
type UserKey = (typeof USER_KEYS)[number];

/** Values of an event's keys that its columns tell, so that they need not be parsed again: a log repeats few of them. */
export class ColumnValues {
  readonly #dictionaries: Dictionaries;
  readonly #columns: ColumnBuilder;
  /** What only the line tells of its user. */
  readonly #rest: (key: UserKey) => unknown;
  readonly #texts = new Remembered((id) => this.#dictionaries.terms.text(id));
  readonly #lists = new Remembered((id) => JSON.parse(this.#dictionaries.terms.text(id)) as unknown);
  readonly #users = new Remembered((id) => this.#makeUser(id >> USER_KEYS.length, id & 15));

  constructor(dictionaries: Dictionaries, columns: ColumnBuilder, rest: (key: UserKey) => unknown) {
    this.#dictionaries = dictionaries;
    this.#columns = columns;
    this.#rest = rest;
  }

  /** A list of texts by the id of its JSON. */
  list(id: number): unknown {
    return this.#lists.of(id);
  }

  text(id: number): string {
    return this.#texts.of(id);
  }

  /**
   * The user of a row. `keys`: those that the line has, a bit each. Like the event it stands for one line after the other: what the
   * columns do not tell is read when it is asked for.
   */
  user(row: number, keys: number): object {
    return this.#users.of(((this.#columns.actor[row] as number) << USER_KEYS.length) | keys);
  }

  #makeUser(actor: number, keys: number): object {
    const user = {};
    const { actors } = this.#dictionaries;
    USER_KEYS.forEach((key, bit) => {
      if ((keys & (1 << bit)) === 0) return;
      const read =
        key === 'username'
          ? { value: this.text(actors.at(actor, 0)) }
          : key === 'groups'
            ? { value: this.list(actors.at(actor, 1)) }
            : { get: () => this.#rest(key) };
      Object.defineProperty(user, key, { enumerable: true, ...read });
    });
    return user;
  }
}

class Remembered<T> {
  readonly #make: (id: number) => T;
  readonly #known = new Map<number, T>();

  constructor(make: (id: number) => T) {
    this.#make = make;
  }

  of(id: number): T {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    const made = this.#make(id);
    this.#known.set(id, made);
    return made;
  }
}
