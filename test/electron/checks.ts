import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** A server of this machine that no page of ours may reach; it counts whoever connects. */
export interface Outside {
  readonly url: string;
  readonly connections: () => number;
  close(): Promise<void>;
}

export async function openOutside(): Promise<Outside> {
  let connections = 0;
  const server = createServer((_request, response) => response.end('outside'));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Something that is tried in the page of the app, whatever runs it, and what must come of it. */
export interface PageCheck {
  readonly name: string;
  check(page: Page, outside: Outside): Promise<void>;
}

/** Within the page, outside of the debugger, whom no policy stops. */
const inPage = <T>(page: Page, body: string): Promise<T> =>
  page.evaluate(`new Promise((done, failed) => setTimeout(async () => {
    try { done(await (async () => { ${body} })()); } catch (error) { failed(error); }
  }))`);

const ASK = `const ask = (name, req) => new Promise((done) => {
  const id = globalThis.nextOfChecks = (globalThis.nextOfChecks || 700000) + 1;
  const stop = decklogShell.onTell((tell) => {
    if (tell.kind === 'answer' && tell.id === id) { stop(); done(tell.answer); }
  });
  decklogShell.say({ kind: 'ask', id, name, req });
});`;

const NODE = ['process', 'require', 'module', 'exports', 'Buffer', 'global', 'setImmediate', 'ipcRenderer', 'electron'];
const BRIDGE = ['chooseEvidence', 'chooseRuleFolder', 'facts', 'giveEvidence', 'onTell', 'reveal', 'save', 'say'];

export const PAGE_CHECKS: readonly PageCheck[] = [
  {
    name: 'the page has the named functions, which it cannot change, and nothing of Node',
    async check(page) {
      const found = await inPage<Record<string, unknown>>(
        page,
        `const before = decklogShell.say;
        try { decklogShell.say = 'mine'; } catch (_error) {}
        return {
          shell: Object.keys(decklogShell).sort(),
          start: Object.keys(decklogStart).sort(),
          kinds: Object.values({ ...decklogShell, ...decklogStart }).map((value) => typeof value),
          isChanged: decklogShell.say !== before,
          node: ${JSON.stringify(NODE)}.filter((name) => name in globalThis),
        };`,
      );
      expect(found).toEqual({
        shell: BRIDGE,
        start: ['newCase', 'openCase', 'openRecent', 'recent'],
        kinds: Array(BRIDGE.length + 4).fill('function'),
        isChanged: false,
        node: [],
      });
    },
  },
  {
    name: 'the page runs no text as script and shows none as HTML, and makes no policy of its own',
    async check(page) {
      const tried = await inPage<Record<string, string>>(
        page,
        `const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.name; } };
        const element = (name) => document.createElement(name);
        const tried = {
          eval: attempt(() => eval('1')),
          function: attempt(() => new Function('1')),
          html: attempt(() => { element('div').innerHTML = '<b>x</b>'; }),
          beside: attempt(() => document.body.insertAdjacentHTML('beforeend', '<b>x</b>')),
          frame: attempt(() => { element('iframe').srcdoc = '<b>x</b>'; }),
          address: attempt(() => { element('script').src = 'data:text/javascript,1'; }),
          policy: attempt(() => trustedTypes.createPolicy('mine', { createHTML: (text) => text })),
        };
        const script = element('script');
        attempt(() => script.append(document.createTextNode('globalThis.hasRunText = true')));
        document.body.append(script);
        script.remove();
        return { ...tried, inline: String(globalThis.hasRunText) };`,
      );
      expect(tried).toEqual({
        ...{ eval: 'EvalError', function: 'EvalError', html: 'TypeError', beside: 'TypeError', frame: 'TypeError' },
        ...{ address: 'TypeError', policy: 'TypeError', inline: 'undefined' },
      });
    },
  },
  {
    name: 'the page asks for nothing outside: no fetch, picture, style, stream, socket or beacon',
    async check(page, outside) {
      const before = outside.connections();
      const came = await inPage<Record<string, string>>(
        page,
        `globalThis.violatedInChecks = [];
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violatedInChecks.push(effectiveDirective));
        const url = ${JSON.stringify(outside.url)};
        const event = (target) => new Promise((done) => {
          target.onload = target.onopen = () => done('came');
          target.onerror = () => done('refused');
        });
        const made = (name, properties) => Object.assign(document.createElement(name), properties);
        const style = made('link', { rel: 'stylesheet', href: url });
        const came = {
          fetch: fetch(url).then(() => 'came', () => 'refused'),
          picture: event(made('img', { src: url })),
          style: (document.head.append(style), event(style)),
          stream: event(new EventSource(url)),
          socket: (() => { try { return event(new WebSocket(url.replace('http', 'ws'))); } catch (_error) { return 'refused'; } })(),
        };
        navigator.sendBeacon(url, 'x');
        for (const key of Object.keys(came)) came[key] = await came[key];
        style.remove();
        return came;`,
      );
      const refused = 'refused';
      expect(came).toEqual({ fetch: refused, picture: refused, style: refused, stream: refused, socket: refused });
      await expect
        .poll(() => page.evaluate('[...new Set(violatedInChecks)].sort()'), { timeout: 60_000 })
        .toEqual(['connect-src', 'img-src', 'style-src-elem']);
      expect(outside.connections()).toBe(before);
    },
  },
  {
    name: 'no path of our scheme leads out of the folder of pages',
    async check(page) {
      const paths = [
        ...['/..%2fpackage.json', '/%2e%2e%2fpackage.json', '/..%5cpackage.json', '/..%252fpackage.json'],
        ...['/assets/..%2f..%2fpackage.json', '/%2fetc%2fpasswd', '/../package.json', '/assets/../../package.json'],
        ...['/package.json%00.html', '/.%2e/electron/main.cjs', '/electron/main.cjs'],
      ];
      const statuses = await inPage<readonly (number | string)[]>(
        page,
        `return Promise.all(${JSON.stringify(paths)}.map((path) => fetch(path).then(({ status }) => status, () => 'failed')));`,
      );
      const served = paths.filter((_, index) => ![400, 404, 'failed'].includes(statuses[index] as never));
      expect(served).toEqual([]);
      expect(await inPage(page, `return fetch('/index.html').then(({ status }) => status);`)).toBe(200);
    },
  },
  {
    name: 'what the page says in a shape that nobody knows is refused, and hurts nothing',
    async check(page) {
      const answers = await inPage<Record<string, unknown>>(
        page,
        `${ASK}
        const isOk = (promise) => promise.then(({ ok }) => ok, () => 'thrown');
        for (const odd of ['x', 7, null, {}, { kind: 'evil' }, { kind: 'ask', id: 'x', name: 'jobs/list' }, [[]]])
          decklogShell.say(odd);
        const ticket = { token: '../../etc/passwd', name: 'x', mediaType: 'x', sizeBytes: 1 };
        return {
          odd: await isOk(ask('constructor', {})),
          save: await isOk(decklogShell.save(ticket)),
          reveal: await isOk(decklogShell.reveal(ticket)),
          text: await isOk(decklogShell.save('x')),
          path: await isOk(decklogShell.giveEvidence({})),
          kind: await isOk(decklogShell.chooseEvidence('everything')),
          recent: await isOk(decklogStart.openRecent('/etc/passwd.decklog')),
          afterwards: await isOk(ask('jobs/list', {})),
        };`,
      );
      const no = { odd: false, save: false, reveal: false, text: false, path: false, kind: false, recent: false };
      expect(answers).toEqual({ ...no, afterwards: true });
    },
  },
];
