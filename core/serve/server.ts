import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { SERVE_PATHS } from '../contract/calls.ts';
import type { Role } from '../contract/case-calls.ts';
import { PAGE_HEADERS } from '../door/csp.ts';
import type { Door } from '../door/door.ts';
import { readOutFile } from '../door/out-file.ts';
import { type PageServer, pageServer } from '../door/page-server.ts';
import type { PrivateFolder } from '../door/private-folder.ts';
import { CaseError, faultOf } from '../fault.ts';
import type { Keys } from './keys.ts';
import { welcomeSocket } from './socket.ts';

/** The only address that is listened on. */
const ADDRESS = '127.0.0.1';
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;
const MOST_SOCKETS = 64;

export interface ServerSetup {
  readonly door: Door;
  readonly keys: Keys;
  readonly folder: PrivateFolder;
  /** Folder of the built page. */
  readonly bundle: string;
  /** 0: any free one. */
  readonly port: number;
}

/** The app on a loopback address. What asks by another name, from another site or without a key gets nothing. */
export class LoopbackServer {
  readonly #setup: ServerSetup;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #pages: PageServer = async () => new Response(null, { status: 503 });
  #origin = '';

  constructor(setup: ServerSetup) {
    this.#setup = setup;
    this.#http = createServer({ headersTimeout: 10_000, requestTimeout: 0 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
  }

  /** Listens; the origin to open. Raises `usage` where the port is taken. */
  async listen(): Promise<string> {
    const { port, bundle, folder } = this.#setup;
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', (error) => reject(portFault(error, port)));
      this.#http.listen({ host: ADDRESS, port, exclusive: true }, resolve);
    });
    this.#origin = `http://${ADDRESS}:${(this.#http.address() as AddressInfo).port}`;
    this.#pages = pageServer({ origin: this.#origin, bundle, report: (token) => readOutFile(folder.out, token) });
    return this.#origin;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#isOwnHost(request) || !this.#isOwnSite(request)) return refuse(response, 403, 'Not from here.');
    const url = URL.parse(request.url ?? '', this.#origin);
    if (url === null || url.origin !== this.#origin) return refuse(response, 400, 'No such path.');
    if (url.pathname === SERVE_PATHS.upload) return this.#upload(request, response, url);
    if (url.pathname.startsWith(SERVE_PATHS.file)) return this.#file(request, response, url);
    return this.#page(request, response);
  }

  /** The request line as it came: a parsed URL has its dots resolved already. */
  async #page(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = request.url ?? '/';
    if (!raw.startsWith('/')) return refuse(response, 400, 'No such path.');
    const answer = await this.#pages(new Request(`${this.#origin}${raw}`, { method: request.method ?? 'GET' }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  /** A file that a call made ready. */
  async #file(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'GET') return refuse(response, 405, 'Only GET.');
    if (this.#roleOf(request) === null) return refuse(response, 401, 'No key.');
    const token = url.pathname.slice(SERVE_PATHS.file.length);
    if (!/^[0-9a-f]{32}$/.test(token)) return refuse(response, 404, 'Not found.');
    const path = join(this.#setup.folder.out, token);
    const status = await stat(path).catch(() => null);
    if (status === null) return refuse(response, 404, 'Not found.');
    response.writeHead(200, {
      ...PAGE_HEADERS,
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': status.size,
      'cache-control': 'no-store',
    });
    await pipeline(createReadStream(path), response);
  }

  /** Takes a file into the private folder, as it comes. */
  async #upload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method !== 'POST') return refuse(response, 405, 'Only POST.');
    const role = this.#roleOf(request);
    if (role === null) return refuse(response, 401, 'No key.');
    if (role === 'reader') return refuse(response, 403, 'A reader imports nothing.');
    // The name is a label only: it never becomes a path.
    const name = basename((url.searchParams.get('name') ?? '').replaceAll('\\', '/')).slice(0, 255) || 'evidence';
    const folder = join(this.#setup.folder.uploads, randomBytes(16).toString('hex'));
    await mkdir(folder, { mode: 0o700 });
    const path = join(folder, 'evidence');
    try {
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      const value = this.#setup.door.evidence.give(path, name, (await stat(path)).size);
      answerJson(response, 200, { ok: true, value });
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      if (!response.writable || response.destroyed) return;
      answerJson(response, 507, { ok: false, fault: faultOf(uploadFault(error, name)) });
    }
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const isFine =
      this.#isOwnHost(request) && request.headers.origin === this.#origin && request.url === SERVE_PATHS.socket;
    if (!isFine || this.#sockets.clients.size >= MOST_SOCKETS) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (page: WebSocket) => {
      welcomeSocket(page, this.#setup);
    });
  }

  #roleOf(request: IncomingMessage): Role | null {
    const key = /^Bearer ([\w-]{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
    return key === undefined ? null : this.#setup.keys.roleOf(key);
  }

  /** A name that was made to point here is not ours (DNS rebinding). */
  #isOwnHost(request: IncomingMessage): boolean {
    return `http://${request.headers.host}` === this.#origin;
  }

  /** A page of another site may not even look; opening the link by hand has no site. */
  #isOwnSite({ headers }: IncomingMessage): boolean {
    const isOwnOrigin = headers.origin === undefined || headers.origin === this.#origin;
    const site = headers['sec-fetch-site'];
    const isDocument = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    return isOwnOrigin && (site === undefined || site === 'same-origin' || site === 'none' || isDocument);
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(text);
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

function portFault(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  return new CaseError('usage', `Port ${port} of ${ADDRESS} cannot be listened on.`, {
    cause: error,
    hint: 'Name another with --port, or leave it out for any free one.',
  });
}

function uploadFault(error: unknown, name: string): unknown {
  const isFull =
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code));
  if (!isFull) return error;
  return new CaseError('case/no-room', `There was no room to take in ${name}.`, {
    cause: error,
    hint: 'Free space in the folder for temporary files (TMPDIR), or serve with --evidence-root and choose it there.',
  });
}
