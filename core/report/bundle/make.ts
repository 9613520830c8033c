import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { CaseError } from '../../fault.ts';
import { jsonText } from '../../text.ts';
import { compose } from '../compose.ts';
import { renderHtml } from '../html.ts';
import { renderJson } from '../json.ts';
import type { Citation, Report } from '../model.ts';
import { type Entry, entryOf, LARGEST, writeContainer } from './container.ts';
import { README } from './readme.ts';

/** One action as it is chained; `detail` is JSON text. */
export interface BundledAction {
  readonly id: number;
  readonly timeUs: number;
  readonly examiner: string;
  readonly name: string;
  readonly detail: string;
  readonly hash: string;
}

export interface BundleSource {
  readonly report: Report;
  readonly actions: readonly BundledAction[];
  readonly rules: readonly {
    readonly id: string;
    readonly path: string;
    readonly sha256: string;
    readonly text: string;
  }[];
  /** Original bytes of the record at a citation's place. */
  recordAt(citation: Citation): Uint8Array;
}

/** A line of `proof/index.jsonl`: where a cited record stands in the evidence, and where in `proof/records.bin`. */
export interface ProofLine {
  readonly citations: number[];
  readonly sha256: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  /** Its first byte in `proof/records.bin`. */
  readonly at: number;
  readonly recordSha256: string;
}

export interface Manifest {
  readonly decklog: 'bundle/1';
  readonly made: string;
  readonly examiner: string;
  readonly case: {
    readonly hash: string;
    readonly evidenceRoot: string;
    readonly findingsRoot: string;
    readonly head: string;
  };
  readonly signedBy: string | null;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** Makes the bytes of a bundle, piece by piece. With a private key (PEM) it is signed. */
export function* makeBundle(source: BundleSource, privateKeyPem: string | null): Generator<Uint8Array> {
  const key = privateKeyPem === null ? null : readPrivateKey(privateKeyPem);
  const parts = [...partsOf(source), ...(key === null ? [] : [publicPart(key)])];
  const manifest = hashed(entryOf('manifest.json', utf8(`${jsonText(manifestOf(source.report, parts, key), 1)}\n`)));
  const sums = entryOf(
    'SHA256SUMS',
    utf8([manifest, ...parts].map((part) => `${part.sha256}  ${part.name}\n`).join('')),
  );
  const signature =
    key === null ? [] : [entryOf('SHA256SUMS.sig', sign(null, Buffer.concat([...sums.content()]), key))];
  const entries = [manifest, sums, ...signature, ...parts];
  const total = entries.reduce((sum, { size, name }) => sum + size + 2 * name.length + 100, 22);
  if (total > LARGEST)
    throw new CaseError('output/unwritable', 'The proof is larger than a bundle can be (4 GiB).', {
      hint: 'Choose fewer findings, with --level or --incident.',
    });
  yield* writeContainer(entries);
}

interface Part extends Entry {
  readonly sha256: string;
}

function partsOf({ report, actions, rules, recordAt }: BundleSource): Part[] {
  const { lines, records } = proofOf(report.findings.citations, recordAt);
  const page = renderHtml(
    compose(report, { citationsOfFinding: 20, annexRows: Number.POSITIVE_INFINITY }),
    report.findings.citations,
  );
  return [
    hashed(entryOf('README.txt', utf8(README))),
    hashed(entryOf('report.html', utf8(page))),
    hashed(entryOf('report.json', utf8(renderJson(report)))),
    hashed(entryOf('ledger.json', utf8(`${jsonText(report.custody.ledger, 1)}\n`))),
    hashed(entryOf('actions.jsonl', utf8(jsonLines(actions)))),
    hashed(entryOf('rules.json', utf8(`${jsonText(rules, 1)}\n`))),
    hashed(entryOf('proof/index.jsonl', utf8(jsonLines(lines)))),
    records,
  ];
}

/** Records in the order of their first citation, a line feed behind each; read once for the hash and once for the file. */
function proofOf(citations: readonly Citation[], recordAt: (citation: Citation) => Uint8Array) {
  const byPlace = new Map<string, { readonly citation: Citation; readonly line: ProofLine }>();
  const hash = createHash('sha256');
  let [at, crc] = [0, 0];
  for (const citation of citations) {
    const { number, sha256, path, offset, length } = citation;
    const known = byPlace.get(`${sha256} ${offset}`);
    if (known !== undefined) {
      known.line.citations.push(number);
      continue;
    }
    const record = recordAt(citation);
    const line = { citations: [number], sha256, path, offset, length, at, recordSha256: sha256Of(record) };
    byPlace.set(`${sha256} ${offset}`, { citation, line });
    for (const piece of [record, LINE_FEED]) {
      hash.update(piece);
      crc = crc32(piece, crc);
    }
    at += record.length + 1;
  }
  const places = [...byPlace.values()];
  function* content(): Generator<Uint8Array> {
    for (const { citation } of places) {
      yield recordAt(citation);
      yield LINE_FEED;
    }
  }
  const records: Part = { name: 'proof/records.bin', size: at, crc, content, sha256: hash.digest('hex') };
  return { lines: places.map(({ line }) => line), records };
}

const LINE_FEED = Buffer.from('\n');

function manifestOf(report: Report, parts: readonly Part[], key: KeyObject | null): Manifest {
  const { caseHash, evidenceRoot, findingsRoot, head } = report.custody;
  return {
    decklog: 'bundle/1',
    made: report.made,
    examiner: report.examiner,
    case: { hash: caseHash, evidenceRoot, findingsRoot, head },
    signedBy: key === null ? null : fingerprintOf(createPublicKey(key)),
    files: parts.map(({ name, size, sha256 }) => ({ name, bytes: size, sha256 })),
  };
}

function publicPart(key: KeyObject): Part {
  return hashed(entryOf('examiner.pub', utf8(createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string)));
}

/** SHA-256 of a public key (DER): how people name it to each other. */
export function fingerprintOf(key: KeyObject): string {
  return sha256Of(key.export({ type: 'spki', format: 'der' }));
}

function readPrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, as any other key that does not fit.
  }
  throw new CaseError('key/invalid', 'This is no private Ed25519 key.', {
    hint: 'Make one with `decklog keys make FILE`.',
  });
}

function hashed(entry: Entry): Part {
  const hash = createHash('sha256');
  for (const piece of entry.content()) hash.update(piece);
  return { ...entry, sha256: hash.digest('hex') };
}

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const jsonLines = (items: readonly unknown[]): string => items.map((item) => `${jsonText(item)}\n`).join('');
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
