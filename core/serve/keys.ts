import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '../contract/case-calls.ts';

/** The secrets of the links: whoever has one has its role. */
export class Keys {
  readonly #digests: readonly (readonly [Role, Buffer])[];
  /** Text of each link's key. */
  readonly texts: Readonly<Partial<Record<Role, string>>>;

  /** A reader's server has no key of an admin. */
  constructor(role: Role) {
    const roles: readonly Role[] = role === 'admin' ? ['admin', 'reader'] : ['reader'];
    const made = roles.map((of) => [of, randomBytes(32).toString('base64url')] as const);
    this.texts = Object.fromEntries(made);
    this.#digests = made.map(([of, text]) => [of, digest(text)]);
  }

  /** The role that a key gives, or null. Takes the same time for every key. */
  roleOf(text: string): Role | null {
    const given = digest(text);
    const found = this.#digests.filter(([, known]) => timingSafeEqual(known, given));
    return found[0]?.[0] ?? null;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
