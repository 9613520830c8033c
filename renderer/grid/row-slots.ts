/**
 * Gives rows that come into sight the place in the page of rows that left it: filling in texts costs a fraction of making
 * elements. A row keeps its slot as long as it is drawn, so the focus in it stays.
 */
export class RowSlots {
  readonly #slots = new Map<number, number>();
  /** Slots of nobody, highest first. */
  readonly #free: number[] = [];

  /** The slot of each ordinal, in the order of `ordinals`, which are distinct. */
  assign(ordinals: readonly number[]): readonly number[] {
    const shown = new Set(ordinals);
    for (const [ordinal, slot] of this.#slots) {
      if (shown.has(ordinal)) continue;
      this.#free.push(slot);
      this.#slots.delete(ordinal);
    }
    let next = this.#slots.size + this.#free.length;
    this.#free.sort((a, b) => b - a);
    return ordinals.map((ordinal) => {
      const slot = this.#slots.get(ordinal) ?? this.#free.pop() ?? next++;
      this.#slots.set(ordinal, slot);
      return slot;
    });
  }
}
