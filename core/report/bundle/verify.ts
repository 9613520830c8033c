import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto';
import { chainHash, GENESIS } from '../../action-chain.ts';
import type { Check, Verification } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { caseHashOf } from '../build.ts';
import { type BundledAction, fingerprintOf, type Manifest, type ProofLine } from './make.ts';
import { BundleFile, type FoundContainer, type FoundEntry } from './reader.ts';

/** Differences of one kind that are named. */
const MOST_NAMED = 5;

/** Recomputes all that a bundle says of itself; needs no case. With a public key (PEM) the signature must be of that key. */
export function verifyBundle(path: string, publicKeyPem: string | null): Verification {
  const key = publicKeyPem === null ? null : readPublicKey(publicKeyPem);
  const file = new BundleFile(path);
  try {
    return new BundleCheck(file).run(key);
  } finally {
    file.close();
  }
}

class BundleCheck {
  readonly #file: BundleFile;
  readonly #found: FoundContainer;
  readonly #byName: ReadonlyMap<string, FoundEntry>;

  constructor(file: BundleFile) {
    this.#file = file;
    this.#found = file.scan();
    this.#byName = new Map(this.#found.entries.map((entry) => [entry.name, entry]));
  }

  run(given: KeyObject | null): Verification {
    const checks = [
      this.#check('container', () => this.#container()),
      this.#check('hashes', () => this.#hashes()),
      this.#check('manifest', () => this.#manifest()),
      this.#check('case hash', () => this.#caseHash()),
      this.#check('actions', () => this.#actions()),
      this.#check('rules', () => this.#rules()),
      this.#check('proof', () => this.#proof()),
      this.#check('signature', () => this.#signature(given)),
    ];
    return { ok: checks.every((check) => check.ok), checks };
  }

  #check(name: string, run: () => { readonly wrong: readonly string[]; readonly right: string }): Check {
    try {
      const { wrong, right } = run();
      const more = wrong.length > MOST_NAMED ? `; and ${wrong.length - MOST_NAMED} more` : '';
      return {
        name,
        ok: wrong.length === 0,
        detail: wrong.length === 0 ? right : wrong.slice(0, MOST_NAMED).join('; ') + more,
      };
    } catch (error) {
      return {
        name,
        ok: false,
        detail: `could not be read: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }

  #container() {
    const names = this.#found.entries.map(({ name }) => name);
    const repeated = names.filter((name, index) => names.indexOf(name) !== index);
    return {
      wrong: [...this.#found.faults, ...repeated.map((name) => `${name} stands twice`)],
      right: `${names.length} files, and not a byte besides them`,
    };
  }

  #hashes() {
    const lines = this.#text('SHA256SUMS').split('\n').slice(0, -1);
    const said = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
    const wrong = [...said].flatMap(([name, sha256]) => {
      const found = this.#byName.get(name);
      if (found === undefined) return [`${name} is missing`];
      return found.sha256 === sha256 ? [] : [`${name} was changed: SHA-256 is ${found.sha256}`];
    });
    const further = [...this.#byName.keys()].filter((name) => !said.has(name) && !name.startsWith('SHA256SUMS'));
    return {
      wrong: [...wrong, ...further.map((name) => `${name} is in no list`)],
      right: `${said.size} files as listed`,
    };
  }

  #manifest() {
    const { files } = this.#json<Manifest>('manifest.json');
    const wrong = files.flatMap(({ name, bytes, sha256 }) => {
      const found = this.#byName.get(name);
      if (found === undefined) return [`${name} is missing`];
      return found.size === bytes && found.sha256 === sha256 ? [] : [`${name} is not as the manifest says`];
    });
    const listed = new Set([...files.map(({ name }) => name), 'manifest.json', 'SHA256SUMS', 'SHA256SUMS.sig']);
    const further = [...this.#byName.keys()].filter((name) => !listed.has(name));
    return {
      wrong: [...wrong, ...further.map((name) => `${name} is not in the manifest`)],
      right: `${files.length} files as the manifest says`,
    };
  }

  #caseHash() {
    const { hash, evidenceRoot, findingsRoot, head } = this.#json<Manifest>('manifest.json').case;
    const { custody } = this.#json<{ custody: { caseHash: string; head: string } }>('report.json');
    const computed = caseHashOf(evidenceRoot, findingsRoot, head);
    const wrong = [
      ...(computed === hash ? [] : [`the manifest says ${hash}, its roots and head give ${computed}`]),
      ...(custody.caseHash === hash && custody.head === head
        ? []
        : ['the report is of another case than the manifest']),
    ];
    return { wrong, right: hash };
  }

  #actions() {
    const actions = this.#lines<BundledAction>('actions.jsonl');
    const { head } = this.#json<Manifest>('manifest.json').case;
    let before = GENESIS;
    const wrong: string[] = [];
    for (const [index, { id, timeUs, examiner, name, detail, hash }] of actions.entries()) {
      if (id !== index + 1) wrong.push(`action ${index + 1} is missing`);
      else if (chainHash(before, id, timeUs, examiner, name, detail) !== hash)
        wrong.push(`action ${id} (${name}) does not follow from the one before`);
      before = hash;
    }
    return {
      wrong: before === head ? wrong : [...wrong, `the last action is not the head ${head}`],
      right: `${actions.length} actions, chained; head ${head}`,
    };
  }

  #rules() {
    const rules = this.#json<{ path: string; sha256: string; text: string }[]>('rules.json');
    const wrong = rules
      .filter(({ sha256, text }) => sha256Of(Buffer.from(text)) !== sha256)
      .map(({ path }) => `${path} was changed`);
    return { wrong, right: `${rules.length} rules and lists with their hashes` };
  }

  /** Each cited record is there, with its bytes. */
  #proof() {
    const lines = this.#lines<ProofLine>('proof/index.jsonl');
    const records = this.#byName.get('proof/records.bin') as FoundEntry;
    const places = new Set<string>();
    const wrong = lines.flatMap(({ sha256, offset, length, at, recordSha256, citations }) => {
      places.add(`${sha256} ${offset} ${length}`);
      const isSame = sha256Of(this.#file.read(records.offset + at, length)) === recordSha256;
      return isSame ? [] : [`the record of citation ${citations[0]} (byte ${at} of proof/records.bin) was changed`];
    });
    const { findings } = this.#json<{
      findings: { citations: { number: number; sha256: string; offset: number; length: number }[] };
    }>('report.json');
    const bare = findings.citations.filter(
      ({ sha256, offset, length }) => !places.has(`${sha256} ${offset} ${length}`),
    );
    return {
      wrong: [...wrong, ...bare.map(({ number }) => `citation ${number} has no record`)],
      right: `${findings.citations.length} citations, ${lines.length} records with their bytes`,
    };
  }

  #signature(given: KeyObject | null) {
    const { signedBy } = this.#json<Manifest>('manifest.json');
    const found = this.#byName.get('SHA256SUMS.sig');
    if (found === undefined && signedBy === null) {
      return {
        wrong: given === null ? [] : ['the bundle is not signed'],
        right: 'not signed: accidents and plain edits are found, a forger with time is not',
      };
    }
    if (found === undefined) return { wrong: ['the signature was removed'], right: '' };
    const enclosed = readPublicKey(this.#text('examiner.pub'));
    const key = given ?? enclosed;
    const fingerprint = fingerprintOf(key);
    const isValid = verifySignature(null, this.#whole('SHA256SUMS'), key, this.#whole('SHA256SUMS.sig'));
    const wrong = [
      ...(isValid ? [] : [`the signature is not of the key ${fingerprint}`]),
      ...(fingerprintOf(enclosed) === signedBy ? [] : ['the enclosed key is not the one that the manifest names']),
    ];
    const trust =
      given === null
        ? '; compare this with a fingerprint that came by another way, or give --key'
        : ', the key that was given';
    return { wrong, right: `signed by ${fingerprint}${trust}` };
  }

  #whole(name: string): Buffer {
    const entry = this.#byName.get(name);
    if (entry === undefined) throw new Error(`${name} is missing`);
    return this.#file.whole(entry);
  }

  #text(name: string): string {
    return this.#whole(name).toString('utf8');
  }

  #json<T>(name: string): T {
    return JSON.parse(this.#text(name)) as T;
  }

  #lines<T>(name: string): T[] {
    return this.#text(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  }
}

function readPublicKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, as any other key that does not fit.
  }
  throw new CaseError('key/invalid', 'This is no public Ed25519 key.', {
    hint: '`decklog keys make FILE` writes one to FILE.pub.',
  });
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
