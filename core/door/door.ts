import * as v from 'valibot';
import { ADMIN_CALLS, type CallName, type DoorFacts, type Notice, type Tell } from '../contract/calls.ts';
import type { OpenedCase, Role } from '../contract/case-calls.ts';
import type { Answer } from '../contract/fault.ts';
import { SQL_LIMITS } from '../contract/hunt-calls.ts';
import { CaseError, faultOf } from '../fault.ts';
import type { RuleSelection } from '../host/api.ts';
import type { EngineSetup, EngineTell } from '../host/protocol.ts';
import { DOOR_CALLS, prepared } from './door-calls.ts';
import { EngineKeeper } from './engine-keeper.ts';
import type { StartEngine } from './engine-link.ts';
import type { EvidenceTokens } from './evidence-tokens.ts';
import { parseRequest } from './request.ts';
import { StatementLane } from './statement-lane.ts';

export interface DoorSetup {
  readonly start: StartEngine;
  readonly engine: EngineSetup;
  readonly evidence: EvidenceTokens;
  /** Hears which rules are used from then on. */
  readonly onRules?: (rules: RuleSelection) => void;
  /** What this door can do besides; the role is that of each link. */
  readonly facts: Omit<DoorFacts, 'role' | 'hasEvidenceRoots'>;
}

/** One page that speaks to the door. */
export interface Client {
  /** Takes one message; false: it is none of ours, and the page is to be shut out. */
  hear(raw: unknown): boolean;
  /** The page has gone: what it asked for is cancelled. */
  close(): void;
}

interface Pending {
  readonly client: PageClient;
  /** As the page counts. */
  readonly id: number;
}

/** Calls that block their process: they run in one that may be killed. */
const STATEMENTS: ReadonlySet<CallName> = new Set<CallName>(['sql/run', 'export/sql']);
const EXPORT_TIMEOUT_MS = 10 * SQL_LIMITS.timeoutMs;

/** Between pages and the engine: checks what pages say, keeps the engine alive, brings every answer to who asked. */
export class Door {
  readonly evidence: EvidenceTokens;
  readonly #setup: DoorSetup;
  readonly #keeper: EngineKeeper;
  readonly #lane: StatementLane;
  readonly #clients = new Set<PageClient>();
  readonly #pending = new Map<number, Pending>();
  /** Asked of the engine itself, and not yet answered. */
  readonly #atEngine = new Set<number>();
  #nextId = 1;

  constructor(setup: DoorSetup) {
    this.#setup = setup;
    this.evidence = setup.evidence;
    this.#keeper = new EngineKeeper(setup.start, setup.engine, {
      tell: (tell) => this.#hear(tell),
      rules: (rules) => setup.onRules?.(rules),
      lost: (how) => this.#lost(how),
      back: () => this.#notify({ kind: 'engine', state: 'back', message: 'The engine is back.' }),
    });
    this.#lane = new StatementLane(setup.start, setup.engine, (tell) => this.#hear(tell));
  }

  /** Starts the engine. Raises what opening the case raises. */
  open(): Promise<OpenedCase> {
    return this.#keeper.open();
  }

  factsFor(role: Role): DoorFacts {
    return { ...this.#setup.facts, role, hasEvidenceRoots: role === 'admin' && this.evidence.hasRoots };
  }

  connect(role: Role, tell: (tell: Tell) => void): Client {
    const client = new PageClient(role, tell, this);
    this.#clients.add(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#lane.close();
    await this.#keeper.close();
  }

  /** Asks on behalf of a page; the answer comes to it. Gives the number to cancel by. */
  ask(client: PageClient, id: number, name: string, raw: unknown): number {
    const own = this.#nextId++;
    this.#pending.set(own, { client, id });
    void this.#pass(own, client.role, name, raw);
    return own;
  }

  cancel(own: number): void {
    if (!this.#lane.cancel(own)) this.#keeper.send({ kind: 'cancel', id: own });
  }

  forget(client: PageClient): void {
    this.#clients.delete(client);
  }

  async #pass(own: number, role: Role, name: string, raw: unknown): Promise<void> {
    try {
      const call = parseRequest(name, raw);
      // The engine refuses it, and notes that.
      if (role === 'reader' && ADMIN_CALLS.has(call.name)) return this.#toEngine(own, role, call.name, call.req);
      const answered = DOOR_CALLS[call.name];
      if (answered !== undefined) {
        return this.#answer(own, { ok: true, value: await answered(call.req, this.evidence) });
      }
      this.#toEngine(own, role, call.name, prepared(call.name, call.req, this.evidence));
    } catch (error) {
      this.#answer(own, { ok: false, fault: faultOf(error) });
    }
  }

  #toEngine(id: number, role: Role, name: CallName, req: unknown): void {
    const ask = { kind: 'ask', id, name, req, role } as const;
    if (STATEMENTS.has(name)) {
      const timeoutMs = name === 'sql/run' ? (req as { timeoutMs: number }).timeoutMs : EXPORT_TIMEOUT_MS;
      this.#lane.ask(ask, timeoutMs);
    } else {
      this.#atEngine.add(id);
      this.#keeper.send(ask);
    }
  }

  #hear(tell: Exclude<EngineTell, { kind: 'opened' | 'not-opened' | 'rules' }>): void {
    if (tell.kind === 'notice') this.#notify(tell.notice);
    else if (tell.kind === 'answer') this.#answer(tell.id, tell.answer);
    else {
      const pending = this.#pending.get(tell.id);
      pending?.client.tell({ ...tell, id: pending.id });
    }
  }

  #answer(own: number, answer: Answer<unknown>): void {
    const pending = this.#pending.get(own);
    this.#pending.delete(own);
    this.#atEngine.delete(own);
    pending?.client.answered(pending.id, answer);
  }

  #notify(notice: Notice): void {
    for (const client of this.#clients) client.tell({ kind: 'notice', notice });
  }

  #lost(how: string): void {
    const message = `The engine ended (${how}) and is being started again. The case is as the last change left it.`;
    const fault = new CaseError('engine/lost', message, { hint: 'Try again in a moment.' });
    for (const own of [...this.#atEngine]) this.#answer(own, { ok: false, fault: faultOf(fault) });
    this.#notify({ kind: 'engine', state: 'lost', message });
  }
}

const MESSAGE = v.variant('kind', [
  v.strictObject({
    kind: v.literal('ask'),
    id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    name: v.pipe(v.string(), v.maxLength(100)),
    req: v.unknown(),
  }),
  v.strictObject({ kind: v.literal('cancel'), id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
]);

/** A page has at most this many calls under way. */
const MOST_CALLS = 500;

class PageClient implements Client {
  readonly role: Role;
  readonly #tell: (tell: Tell) => void;
  readonly #door: Door;
  /** The door's number of each call under way, by the page's. */
  readonly #calls = new Map<number, number>();
  #isClosed = false;

  constructor(role: Role, tell: (tell: Tell) => void, door: Door) {
    this.role = role;
    this.#tell = tell;
    this.#door = door;
  }

  hear(raw: unknown): boolean {
    const parsed = v.safeParse(MESSAGE, raw);
    if (!parsed.success) return false;
    const message = parsed.output;
    if (message.kind === 'cancel') {
      const own = this.#calls.get(message.id);
      if (own !== undefined) this.#door.cancel(own);
      return true;
    }
    if (this.#calls.has(message.id) || this.#calls.size >= MOST_CALLS) return false;
    this.#calls.set(message.id, 0);
    this.#calls.set(message.id, this.#door.ask(this, message.id, message.name, message.req));
    return true;
  }

  tell(tell: Tell): void {
    if (!this.#isClosed) this.#tell(tell);
  }

  answered(id: number, answer: Answer<unknown>): void {
    this.#calls.delete(id);
    this.tell({ kind: 'answer', id, answer });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const own of this.#calls.values()) this.#door.cancel(own);
    this.#door.forget(this);
  }
}
