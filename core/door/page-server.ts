import { readFile, realpath } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { PAGE_HEADERS, REPORT_HEADERS } from './csp.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Files that the bundler names by their content: they never change. */
const HASHED = /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/;
/** A view of the app: the page finds it by itself. */
const VIEW = /^\/(?!assets\/)(?:[a-z][a-z0-9-]*(?:\/[^.]*)?)?$/;
const REPORT = /^\/report\/([0-9a-f]{32})$/;

/** Answers one request for the app's own files. */
export type PageServer = (request: Request) => Promise<Response>;

export interface PageServerSetup {
  /** `http://127.0.0.1:PORT` or `decklog://app`: protocol and host must be exactly these. */
  readonly origin: string;
  /** The folder of the built page. */
  readonly bundle: string;
  /** The report page behind a token, or null. */
  readonly report: (token: string) => Promise<Uint8Array<ArrayBuffer> | null>;
}

/** A server of pages that knows no socket and no window: GET only, exact host, nothing from outside the bundle. */
export function pageServer(setup: PageServerSetup): PageServer {
  const own = new URL(setup.origin);
  return async (request) => {
    const url = URL.parse(request.url);
    if (url === null || url.protocol !== own.protocol || url.host !== own.host) return refusal(421, 'Not this host.');
    if (request.method !== 'GET') return refusal(405, 'Only GET.', { allow: 'GET' });
    const report = REPORT.exec(url.pathname)?.[1];
    if (report !== undefined) return reportPage(await setup.report(report));
    const path = decoded(url.pathname);
    if (path === null) return refusal(400, 'No such path.');
    return page(setup.bundle, path);
  };
}

/** Path of a URL with its escapes undone once; null where it could be read in two ways. */
function decoded(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname);
    const isOdd = /[\\\0]|%|\/\/|\/\.{1,2}(?:\/|$)/.test(path) || /%2f|%5c|%2e/i.test(pathname);
    return isOdd || !path.startsWith('/') ? null : path;
  } catch {
    return null;
  }
}

async function page(bundle: string, path: string): Promise<Response> {
  const file = await fileWithin(bundle, path === '/' ? '/index.html' : path);
  if (file !== null) return fileResponse(file, HASHED.test(path));
  const index = VIEW.test(path) ? await fileWithin(bundle, '/index.html') : null;
  return index === null ? refusal(404, 'Not found.') : fileResponse(index, false);
}

/** The real file behind a path, if it lies in the bundle and is of a kind that we serve. */
async function fileWithin(bundle: string, path: string): Promise<{ path: string; bytes: Buffer } | null> {
  if (!Object.hasOwn(MEDIA_TYPES, extname(path))) return null;
  try {
    const root = await realpath(bundle);
    const real = await realpath(resolve(join(root, path)));
    if (!real.startsWith(root + sep)) return null;
    return { path: real, bytes: await readFile(real) };
  } catch {
    return null;
  }
}

function fileResponse(file: { path: string; bytes: Buffer }, isHashed: boolean): Response {
  return new Response(new Uint8Array(file.bytes), {
    headers: {
      ...PAGE_HEADERS,
      'content-type': MEDIA_TYPES[extname(file.path)] ?? 'application/octet-stream',
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
}

function reportPage(bytes: Uint8Array<ArrayBuffer> | null): Response {
  if (bytes === null) return refusal(404, 'Not found.');
  return new Response(bytes, { headers: { ...REPORT_HEADERS, 'content-type': 'text/html; charset=utf-8' } });
}

function refusal(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, {
    status,
    headers: { ...PAGE_HEADERS, ...headers, 'content-type': 'text/plain; charset=utf-8' },
  });
}
