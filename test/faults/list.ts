/** One protection switched off: `find` stands once in `file`; the tests must fail when `put` stands there. */
export interface DeliberateFault {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  readonly tests: string;
  /** Only these of the file's tests, as `vitest -t` takes them. */
  readonly only?: string;
}

const PAGES = 'test/door/page-server.test.ts';
const REQUESTS = 'test/door/request.test.ts';
const DOOR = 'test/door/door.test.ts';
const SERVE = 'test/serve/serve.test.ts';
const SHELL = 'test/electron/shell.test.ts';
/** Where tests lie that are skipped without the old Electron. */
export const OLD_ELECTRON = 'test/electron/old/';
const WINDOW = 'test/cli/window.test.ts';

const page = (name: string, find: string, put: string): DeliberateFault => ({
  ...{ name, find, put, tests: PAGES },
  file: 'core/door/page-server.ts',
});
const policy = (name: string, find: string, put: string): DeliberateFault => ({
  ...{ name, find, put, tests: PAGES },
  file: 'core/door/csp.ts',
});
const serve = (name: string, find: string, put: string, only: string): DeliberateFault => ({
  ...{ name, find, put, only, tests: SERVE },
  file: 'core/serve/server.ts',
});
const shell = (name: string, file: string, find: string, put: string, only: string): DeliberateFault => ({
  ...{ name, find, put, only, tests: SHELL },
  file: `electron/${file}`,
});
/** Seen by a real Electron, an old one. */
const old = (name: string, file: string, find: string, put: string, only: string): DeliberateFault => ({
  ...{ name: `old Electron: ${name}`, file, find, put, only, tests: `${OLD_ELECTRON}shell.test.ts` },
});

const WINDOWS = 'windows are of one kind';

export const FAULTS: readonly DeliberateFault[] = [
  page('pages of another host are served', '|| url.host !== own.host)', ')'),
  page('pages are served to every method', "if (request.method !== 'GET')", 'if (false)'),
  page('links lead out of the bundle', 'if (!real.startsWith(root + sep)) return null;', ''),
  page('files of every kind are served', 'if (!Object.hasOwn(MEDIA_TYPES, extname(path))) return null;', ''),
  page(
    'pages have no policy',
    "      ...PAGE_HEADERS,\n      'content-type': MEDIA_TYPES",
    "      'content-type': MEDIA_TYPES",
  ),
  page('reports have the policy of pages', 'headers: { ...REPORT_HEADERS,', 'headers: { ...PAGE_HEADERS,'),
  policy('no Trusted Types', '  "require-trusted-types-for \'script\'",\n', ''),
  policy('pages may be framed', '  "frame-ancestors \'none\'",\n', ''),
  policy('reports are not in a sandbox', '"sandbox; default-src', '"default-src'),

  serve('every Host is answered', '.headers.host}` === this.#origin;', ".headers.host}` !== '';", 'host'),
  serve('every site is answered', 'return isOwnOrigin && (site', 'return true || (site', 'of the site|foreign page'),
  serve(
    'sockets of every site are opened',
    'request.headers.origin === this.#origin &&',
    '',
    'socket of the site|socket without',
  ),
  serve(
    'files need no key',
    "if (this.#roleOf(request) === null) return refuse(response, 401, 'No key.');",
    '',
    'need a key',
  ),
  serve(
    'a reader uploads',
    "if (role === 'reader') return refuse(response, 403, 'A reader imports nothing.');",
    '',
    'a reader uploads',
  ),
  serve('uploads need no key', "if (role === null) return refuse(response, 401, 'No key.');", '', 'need a key'),
  serve(
    'all addresses are listened on',
    "const ADDRESS = '127.0.0.1';",
    "const ADDRESS = '0.0.0.0';",
    'only the loopback',
  ),
  serve(
    'an upload keeps the path that it names',
    "basename((url.searchParams.get('name') ?? '').replaceAll('\\\\', '/'))",
    "(url.searchParams.get('name') ?? '')",
    'upload goes',
  ),
  {
    name: 'a socket needs no key',
    file: 'core/serve/socket.ts',
    find: 'const role = hello.success ? keys.roleOf(hello.output.token) : null;',
    put: "const role = hello.success ? (keys.roleOf(hello.output.token) ?? 'admin') : 'admin';",
    tests: SERVE,
    only: 'is closed and told nothing',
  },
  {
    name: 'others may look into the private folder',
    file: 'core/door/private-folder.ts',
    find: 'chmodSync(path, 0o700);',
    put: 'chmodSync(path, 0o755);',
    tests: SERVE,
    only: 'upload goes',
  },
  {
    name: 'the key is short',
    file: 'core/serve/keys.ts',
    find: 'randomBytes(32)',
    put: 'randomBytes(4)',
    tests: SERVE,
    only: 'only the loopback',
  },

  {
    name: 'calls are looked up along the prototype',
    file: 'core/door/request.ts',
    find: 'if (!Object.hasOwn(PARSERS, name)) {',
    put: 'if (!(name in PARSERS)) {',
    tests: REQUESTS,
  },
  {
    name: 'a token may be any text',
    file: 'core/door/parsers.ts',
    find: 'const TOKEN = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));',
    put: 'const TOKEN = v.string();',
    tests: REQUESTS,
  },
  {
    name: 'a reader changes what he likes',
    file: 'core/host/engine.ts',
    find: "if (scope.role === 'reader' && ADMIN_CALLS.has(call)) throw this.#refused(call);",
    put: '',
    tests: DOOR,
    only: 'a reader reads',
  },
  {
    name: 'refusals are not recorded',
    file: 'core/host/engine.ts',
    find: 'this.#refusals.note(call);',
    put: '',
    tests: DOOR,
    only: 'a reader reads',
  },
  {
    name: 'links lead out of the evidence roots',
    file: 'core/door/evidence-tokens.ts',
    find: 'return roots.some(',
    put: 'return true || roots.some(',
    tests: DOOR,
    only: 'evidence is imported from a token',
  },
  {
    name: 'a sealed case is changed',
    file: 'core/store/case-store.ts',
    find: 'if (!this.isSealed) return;',
    put: 'return;',
    tests: DOOR,
    only: 'a sealed case',
  },
  {
    name: 'formulas leave as formulas',
    file: 'core/host/csv.ts',
    find: 'FORMULA.test(value)',
    put: 'false',
    tests: DOOR,
    only: 'formulas defused',
  },
  {
    name: 'an engine that died stays dead',
    file: 'core/door/engine-keeper.ts',
    find: 'setTimeout(() => void this.#again(), this.#wait);',
    put: '',
    tests: DOOR,
    only: 'dies is started again',
  },

  shell('no sandbox', 'harden.ts', 'sandbox: true,', 'sandbox: false,', WINDOWS),
  shell('no isolation', 'harden.ts', 'contextIsolation: true,', 'contextIsolation: false,', WINDOWS),
  shell('Node in pages', 'harden.ts', 'nodeIntegration: false,', 'nodeIntegration: true,', WINDOWS),
  shell('web views', 'harden.ts', 'webviewTag: false,', 'webviewTag: true,', WINDOWS),
  shell('developer tools in releases', 'harden.ts', 'devTools: !isPackaged,', 'devTools: true,', WINDOWS),
  shell('names are looked up', 'harden.ts', "'MAP * ~NOTFOUND'", "''", WINDOWS),
  shell('dictionaries are fetched', 'harden.ts', 'session.setSpellCheckerEnabled(false);', '', WINDOWS),
  shell(
    'everything is permitted',
    'harden.ts',
    "permission === 'clipboard-sanitized-write'",
    'permission.length > 0',
    'nothing is permitted',
  ),
  shell(
    'devices are permitted',
    'harden.ts',
    'setDevicePermissionHandler(() => false)',
    'setDevicePermissionHandler(() => true)',
    'nothing is permitted',
  ),
  shell(
    'downloads go on',
    'harden.ts',
    "session.on('will-download', (event) => event.preventDefault());",
    '',
    'downloads',
  ),
  shell(
    'requests go out',
    'harden.ts',
    'done({ cancel: !isAllowed(details.url) })',
    'done({ cancel: false })',
    'is cancelled',
  ),
  shell('the page may leave', 'harden.ts', 'if (!isOurs(url)) event.preventDefault();', '', 'leaving the app'),
  shell('windows are opened', 'harden.ts', "action: 'deny'", "action: 'allow'", 'leaving the app'),
  shell(
    'an address is ours by its beginning',
    'origin.ts',
    'url.host === HOST &&',
    'url.host.startsWith(HOST) &&',
    'is cancelled|not heard',
  ),
  shell(
    'every sender is heard',
    'shell.ts',
    "if (!isTrustedSender(event.senderFrame)) throw new Error('refused');",
    '',
    'not heard',
  ),
  shell('frames are heard', 'origin.ts', '(frame.parent === null || frame.parent === undefined) && ', '', 'not heard'),
  shell(
    'a ticket is not looked at',
    'requests.ts',
    'token: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),',
    'token: v.string(),',
    'malformed message',
  ),
  shell(
    'a name is proposed as it came',
    'shell.ts',
    'defaultPath: safeName(name)',
    'defaultPath: name',
    'obeys nobody',
  ),
  shell(
    'the preload hands out all of IPC',
    'preload.ts',
    "contextBridge.exposeInMainWorld('decklogShell', shell);",
    "contextBridge.exposeInMainWorld('decklogShell', { ...shell, invoke: ipcRenderer.invoke });",
    'named functions',
  ),

  old(
    'pages have no policy',
    'core/door/page-server.ts',
    "      ...PAGE_HEADERS,\n      'content-type': MEDIA_TYPES",
    "      'content-type': MEDIA_TYPES",
    'the page (?:runs no text|asks for nothing)',
  ),
  old(
    'no Trusted Types',
    'core/door/csp.ts',
    '  "require-trusted-types-for \'script\'",\n',
    '',
    'the page runs no text',
  ),
  old(
    'the editor has no policies of its own',
    'core/door/csp.ts',
    "MONACO_POLICIES.join(' ')",
    '"\'none\'"',
    'the editor of rules',
  ),
  old(
    'links lead out of the folder of pages',
    'core/door/page-server.ts',
    'if (!real.startsWith(root + sep)) return null;',
    '',
    'links in the folder',
  ),
  old('no isolation', 'electron/harden.ts', 'contextIsolation: true,', 'contextIsolation: false,', 'isolated'),
  old('no sandbox', 'electron/harden.ts', 'sandbox: true,', 'sandbox: false,', 'isolated'),
  old(
    'everything is permitted',
    'electron/harden.ts',
    'done(mayBePermitted(permission))',
    'done(permission.length > 0)',
    'asks leave',
  ),
  old(
    'the page may leave',
    'electron/harden.ts',
    'if (!isOurs(url)) event.preventDefault();',
    '',
    'the page cannot leave',
  ),
  old('windows are opened', 'electron/harden.ts', "action: 'deny'", "action: 'allow'", 'no window is opened'),
  old(
    'downloads go on',
    'electron/harden.ts',
    "session.on('will-download', (event) => event.preventDefault());",
    '',
    'a download',
  ),
  old(
    'requests go out',
    'electron/harden.ts',
    'done({ cancel: !isAllowed(details.url) })',
    'done({ cancel: false })',
    'even of a page without a policy',
  ),
  old('names are looked up', 'electron/harden.ts', "'MAP * ~NOTFOUND'", "''", 'even of a page without a policy'),
  old(
    'every sender is heard',
    'electron/shell.ts',
    "if (!isTrustedSender(event.senderFrame)) throw new Error('refused');",
    '',
    'not ours is not heard',
  ),
  old(
    'every sender is heard on the channel of calls',
    'electron/shell.ts',
    'if (!isTrustedSender(event.senderFrame)) return;',
    '',
    'answered to nobody',
  ),
  old(
    'the preload hands out all of IPC',
    'electron/preload.ts',
    "contextBridge.exposeInMainWorld('decklogShell', shell);",
    "contextBridge.exposeInMainWorld('decklogShell', { ...shell, invoke: ipcRenderer.invoke });",
    'named functions',
  ),
  {
    name: 'old Electron: the place of the window is not kept',
    file: 'electron/main.ts',
    find: "  made.on('close', () => file.save({ ...made.getNormalBounds(), isMaximised: made.isMaximized() }));\n",
    put: '',
    tests: `${OLD_ELECTRON}window.test.ts`,
    only: 'comes back where it was',
  },
  {
    name: 'old Electron: a page that has ended stays away',
    file: 'electron/main.ts',
    find: '    tell(offerPage(made, reason));\n',
    put: '',
    tests: `${OLD_ELECTRON}page.test.ts`,
    only: 'a page that ends',
  },
  {
    name: 'old Electron: nobody is told that the window is there',
    file: 'electron/main.ts',
    find: "process.send?.('shown')",
    put: '{}',
    tests: `${OLD_ELECTRON}window.test.ts`,
    only: 'says when it is there',
  },
  {
    name: 'a page hears what the one before had asked',
    file: 'electron/shell.ts',
    find: 'this.#case?.forPageAnew();',
    put: '',
    tests: 'test/electron/open.test.ts',
  },

  {
    name: 'root is shown a window that cannot come up',
    file: 'core/cli/find-window.ts',
    find: "machine.platform === 'linux' && machine.isRoot",
    put: 'false',
    tests: WINDOW,
    only: 'stands in its way',
  },
  {
    name: 'an old Electron is taken for ours',
    file: 'core/cli/find-window.ts',
    find: 'found === version && Number.parseInt(found, 10) >= LEAST_MAJOR',
    put: 'found.length > 0',
    tests: WINDOW,
    only: 'stands in its way',
  },
  {
    name: 'a window that ends at once goes unnoticed',
    file: 'core/cli/find-window.ts',
    find: 'end(code === 0 ? null :',
    put: 'end(code !== null ? null :',
    tests: WINDOW,
    only: 'a window that ends',
  },
];
