import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../fixtures/format-samples/', import.meta.url);
const OTHER_LAYERS = /\.(?:zip|tar|tar\.gz|tar\.zst|bz2|xz|zst|lz4)$|bomb|truncated\.log\.gz/;

/** The unpacked bytes of every sample that is plain text or gzip. */
export function textSamples(): ReadonlyMap<string, Buffer> {
  const names = readdirSync(FOLDER).filter((name) => name !== 'EXPECTED.json' && !OTHER_LAYERS.test(name));
  return new Map(names.map((name) => [name, gunzipAll(readFileSync(new URL(name, FOLDER)))]));
}

/** Every sample as it lies on disk. */
export function rawSamples(): ReadonlyMap<string, Buffer> {
  const names = readdirSync(FOLDER).filter((name) => name !== 'EXPECTED.json');
  return new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER))]));
}

function gunzipAll(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipAll(gunzipSync(bytes)) : bytes;
}

/** A small whole event with an id of its own; `more` is text behind its last member. */
export function eventText(id: string, more = ''): string {
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${id}","stage":"ResponseComplete","requestURI":"/api/v1/pods","verb":"list","user":{"username":"alice"}${more}}`;
}
