import { larger } from '../../larger.ts';

/** An event that shows something, by its row id. */
export interface Proof {
  readonly timeUs: number;
  readonly event: number;
}

/** Orders events by time and identity, whatever their row ids. */
export type CompareProofs = (a: Proof, b: Proof) => number;

/** Events that a list keeps. */
const MOST_PROOFS = 25;

/**
 * The first events of many things, each by its number: lists linked in typed arrays, since an object for each event of hundreds
 * of thousands of lists would fill the heap.
 */
export class ProofLists {
  readonly #compare: CompareProofs;
  /** By list: its first and last node, and how many there are. */
  #first = new Int32Array(1024);
  #last = new Int32Array(1024);
  #lengths = new Uint8Array(1024);
  /** By node, from 1 on. */
  #times = new Float64Array(1024);
  #events = new Float64Array(1024);
  #next = new Int32Array(1024);
  #nodes = 0;
  /** A node that fell out of its list, 0 for none: the next one takes its place. */
  #free = 0;

  constructor(compare: CompareProofs) {
    this.#compare = compare;
  }

  /** Keeps an event of a list if it is among the first. */
  add(list: number, timeUs: number, event: number): void {
    if (list >= this.#first.length) this.#growLists();
    const last = this.#last[list] as number;
    const isLast = last === 0 || !this.#isAfter(last, timeUs, event);
    if (isLast && this.#lengths[list] === MOST_PROOFS) return;
    this.#insert(list, isLast ? last : this.#before(list, timeUs, event), this.#node(timeUs, event));
    if (this.#lengths[list] === MOST_PROOFS) this.#dropLast(list);
    else this.#lengths[list] = (this.#lengths[list] as number) + 1;
  }

  /** Time of the first event of a list. */
  timeOf(list: number): number {
    return this.#times[this.#first[list] as number] as number;
  }

  first(list: number): Proof {
    return this.#proof(this.#first[list] as number);
  }

  /** In the order of time. */
  of(list: number): Proof[] {
    const proofs: Proof[] = [];
    for (let node = this.#first[list] as number; node !== 0; node = this.#next[node] as number)
      proofs.push(this.#proof(node));
    return proofs;
  }

  #proof(node: number): Proof {
    return { timeUs: this.#times[node] as number, event: this.#events[node] as number };
  }

  #isAfter(node: number, timeUs: number, event: number): boolean {
    const time = this.#times[node] as number;
    return time === timeUs ? this.#compare(this.#proof(node), { timeUs, event }) > 0 : time > timeUs;
  }

  /** The last node that is not after an event, 0 for none. */
  #before(list: number, timeUs: number, event: number): number {
    let before = 0;
    let node = this.#first[list] as number;
    while (!this.#isAfter(node, timeUs, event)) [before, node] = [node, this.#next[node] as number];
    return before;
  }

  #insert(list: number, before: number, node: number): void {
    this.#next[node] = before === 0 ? (this.#first[list] as number) : (this.#next[before] as number);
    if (before === 0) this.#first[list] = node;
    else this.#next[before] = node;
    if (before === this.#last[list]) this.#last[list] = node;
  }

  #dropLast(list: number): void {
    const last = this.#last[list] as number;
    let node = this.#first[list] as number;
    while (this.#next[node] !== last) node = this.#next[node] as number;
    this.#next[node] = 0;
    this.#last[list] = node;
    this.#free = last;
  }

  #node(timeUs: number, event: number): number {
    const node = this.#free === 0 ? ++this.#nodes : this.#free;
    this.#free = 0;
    if (node >= this.#times.length) this.#growNodes();
    this.#times[node] = timeUs;
    this.#events[node] = event;
    return node;
  }

  #growLists(): void {
    this.#first = larger(this.#first);
    this.#last = larger(this.#last);
    this.#lengths = larger(this.#lengths);
  }

  #growNodes(): void {
    this.#times = larger(this.#times);
    this.#events = larger(this.#events);
    this.#next = larger(this.#next);
  }
}
