import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Frame, type Page, type Request as PageRequest } from 'playwright-core';

/**
 * A stand-in for the `electron` module on plain Node: windows are pages of a real Chromium. Real here: our built main and preload,
 * the engine in a process of its own, our page server with its headers under a real Content Security Policy and Trusted Types,
 * decisions about requests, navigation and windows, structured clone of messages. Not real: the isolated world and the sandbox of
 * the preload, Chromium's own asking for permissions, the scheme itself, dialogs and menus as seen, fuses.
 */
export interface StandIn {
  readonly page: () => Page;
  readonly main: ElectronStandIn;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');
export const BUILT = join(ROOT, 'dist');
export const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

type Listener = (...args: unknown[]) => unknown;

/** Loads the built main as Electron would. */
export async function startStandIn(userData: string, args: readonly string[] = []): Promise<StandIn> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const main = new ElectronStandIn(context, userData);
  await main.wire();
  const before = process.argv;
  process.argv = [process.execPath, ...args];
  main.load(join(BUILT, 'electron', 'main.cjs'));
  await main.firstWindow;
  process.argv = before;
  return {
    page: () => main.windows[0]?.page as Page,
    main,
    close: async () => {
      await main.quit();
      await browser.close();
    },
  };
}

export class ElectronStandIn {
  readonly windows: WindowStandIn[] = [];
  readonly app: AppStandIn;
  readonly session = new SessionStandIn();
  readonly handlers = new Map<string, Listener>();
  readonly ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, listener: Listener) => void this.handlers.set(channel, listener),
  });
  readonly protocols = new Map<string, (request: Request) => Promise<Response>>();
  readonly privileged: unknown[] = [];
  readonly shown: string[] = [];
  readonly engines: ReturnType<typeof fork>[] = [];
  readonly dialog = {
    showOpenDialog: async (..._args: unknown[]): Promise<unknown> => ({ canceled: true, filePaths: [] }),
    showSaveDialog: async (..._args: unknown[]): Promise<unknown> => ({ canceled: true, filePath: '' }),
    showMessageBox: async (options: unknown): Promise<unknown> => {
      this.boxes.push(options);
      return { response: 0 };
    },
  };
  readonly boxes: unknown[] = [];
  menu: { id?: string; click?: () => void; submenu?: unknown }[] = [];
  readonly firstWindow: Promise<void>;
  readonly context: BrowserContext;
  #shownFirst: () => void = () => {};

  constructor(context: BrowserContext, userData: string) {
    this.context = context;
    this.app = new AppStandIn(userData);
    this.firstWindow = new Promise((resolve) => {
      this.#shownFirst = resolve;
    });
  }

  loaded(): void {
    this.#shownFirst();
  }

  /** The module that our main gets for `electron`; what it lacks throws, and never reads as undefined. */
  get module(): object {
    const stand = this;
    const BrowserWindow = class extends WindowStandIn {
      constructor(options: WindowOptions) {
        super(stand, options);
      }
    };
    const { app, ipcMain, dialog } = this;
    const electron = {
      ...{ app, ipcMain, dialog, BrowserWindow },
      session: { defaultSession: this.session },
      shell: { showItemInFolder: (path: string) => void this.shown.push(path) },
      protocol: {
        registerSchemesAsPrivileged: (schemes: unknown[]) => void this.privileged.push(...schemes),
        handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
          void this.protocols.set(scheme, handler),
      },
      Menu: {
        buildFromTemplate: (template: ElectronStandIn['menu']) => template,
        setApplicationMenu: (menu: ElectronStandIn['menu']) => {
          this.menu = menu;
        },
      },
      utilityProcess: { fork: (entry: string) => this.#fork(entry) },
    };
    return new Proxy(electron, {
      get(target, name) {
        if (!(name in target)) throw new Error(`the stand-in has no electron.${String(name)}`);
        return target[name as keyof typeof target];
      },
    });
  }

  load(path: string): void {
    const require = createRequire(import.meta.url);
    const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
    const load = loader._load;
    delete require.cache[path];
    loader._load = (name, ...rest) => (name === 'electron' ? this.module : load(name, ...rest));
    try {
      require(path);
    } finally {
      loader._load = load;
    }
  }

  /** Sends every request of every page through what our main has set up. */
  async wire(): Promise<void> {
    await this.context.route(
      () => true,
      async (route) => {
        const request = route.request();
        const url = toApp(request.url());
        if (request.isNavigationRequest() && this.#isStopped(request, url)) return route.abort('aborted');
        if (await this.session.cancels(url)) return route.abort('blockedbyclient');
        const handler = this.protocols.get(new URL(url).protocol.slice(0, -1));
        if (handler === undefined) return route.abort('failed');
        const response = await handler(new Request(url, { method: request.method() }));
        return route.fulfill({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: Buffer.from(await response.arrayBuffer()),
        });
      },
    );
  }

  async quit(): Promise<void> {
    await this.app.end();
    for (const engine of this.engines) engine.kill('SIGKILL');
  }

  #isStopped(request: PageRequest, url: string): boolean {
    const frame = frameOf(request);
    const window = this.windows.find(({ page }) => page !== undefined && page === frame?.page());
    if (window === undefined) {
      // A page that no window of ours opened: what `window.open` asked for.
      const opener = this.windows[0]?.webContents;
      return opener !== undefined && !this.windows.some(({ isOpening }) => isOpening) && opener.deniesWindow(url);
    }
    if (window.isLoading && frame === window.page?.mainFrame()) return false;
    return window.webContents.isNavigationStopped(url, frame === window.page?.mainFrame());
  }

  /** Our engine under Node 24 behind the port that a utility process has. */
  #fork(entry: string) {
    const child = fork(entry, [], {
      execArgv: ['-r', join(import.meta.dirname, 'parent-port.cjs')],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.engines.push(child);
    const process = Object.assign(new EventEmitter(), {
      postMessage: (message: unknown) => void (child.connected && child.send(message as object, () => {})),
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
    });
    child.on('message', (message) => process.emit('message', message));
    child.on('exit', (code) => process.emit('exit', code ?? 128));
    return process;
  }
}

class AppStandIn extends EventEmitter {
  readonly isPackaged = true;
  readonly switches = new Map<string, string | undefined>();
  readonly commandLine = {
    hasSwitch: (name: string) => this.switches.has(name),
    appendSwitch: (name: string, value?: string) => void this.switches.set(name, value),
  };
  isSandboxed = false;
  readonly #userData: string;
  #hasQuit: () => void = () => {};
  #quitting: Promise<void> | null = null;

  constructor(userData: string) {
    super();
    this.#userData = userData;
  }

  enableSandbox(): void {
    this.isSandboxed = true;
  }
  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`the stand-in has no path ${name}`);
    return this.#userData;
  }
  getVersion = (): string => '0.0.0';
  requestSingleInstanceLock = (): boolean => true;
  whenReady = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  quit(): void {
    let isStopped = false;
    this.emit('will-quit', {
      preventDefault: () => {
        isStopped = true;
      },
    });
    if (!isStopped) this.#hasQuit();
  }

  end(): Promise<void> {
    this.#quitting ??= new Promise((resolve) => {
      this.#hasQuit = resolve;
      this.quit();
    });
    return this.#quitting;
  }
}

class SessionStandIn extends EventEmitter {
  permission: Listener | undefined;
  check: Listener | undefined;
  device: Listener | undefined;
  spellChecker = true;
  #before: ((details: { url: string }, done: (decision: { cancel: boolean }) => void) => void) | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: NonNullable<typeof this.decide>) => {
      this.#before = listener;
    },
  };
  declare decide: (details: { url: string }, done: (decision: { cancel: boolean }) => void) => void;

  setPermissionRequestHandler(handler: Listener): void {
    this.permission = handler;
  }
  setPermissionCheckHandler(handler: Listener): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: Listener): void {
    this.device = handler;
  }
  setSpellCheckerEnabled(isOn: boolean): void {
    this.spellChecker = isOn;
  }

  cancels(url: string): Promise<boolean> {
    const before = this.#before;
    if (before === undefined) return Promise.resolve(false);
    return new Promise((resolve) => before({ url }, ({ cancel }) => resolve(cancel)));
  }
}

interface WindowOptions {
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
  readonly width?: number;
  readonly height?: number;
}

class ContentsStandIn extends EventEmitter {
  readonly #window: WindowStandIn;
  #open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });

  constructor(window: WindowStandIn) {
    super();
    this.#window = window;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#open = handler;
  }
  deniesWindow(url: string): boolean {
    return this.#open({ url }).action === 'deny';
  }
  isNavigationStopped(url: string, isMainFrame: boolean): boolean {
    let isStopped = false;
    const event = {
      url,
      preventDefault: () => {
        isStopped = true;
      },
    };
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event, url);
    return isStopped;
  }
  send(channel: string, ...args: unknown[]): void {
    const sent = structuredClone(args);
    void this.#window.page
      ?.evaluate(
        ([to, with_]) => {
          const hear = (globalThis as Record<symbol, unknown>)[Symbol.for('stand-in')] as
            | ((to: unknown, args: unknown) => void)
            | undefined;
          hear?.(to, with_);
        },
        [channel, sent],
      )
      .catch(() => {});
  }
}

export class WindowStandIn extends EventEmitter {
  readonly webContents: ContentsStandIn;
  readonly options: WindowOptions;
  page: Page | undefined;
  isOpening = false;
  isLoading = false;
  isShown = false;
  readonly #stand: ElectronStandIn;

  constructor(stand: ElectronStandIn, options: WindowOptions) {
    super();
    this.#stand = stand;
    this.options = options;
    this.webContents = new ContentsStandIn(this);
    stand.windows.push(this);
    stand.app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    if (this.page === undefined) await this.#openPage();
    this.isLoading = true;
    try {
      await this.page?.goto(toWeb(url));
    } finally {
      this.isLoading = false;
    }
    this.emit('ready-to-show');
    this.#stand.loaded();
  }

  async #openPage(): Promise<void> {
    this.isOpening = true;
    const page = await this.#stand.context.newPage();
    this.isOpening = false;
    this.page = page;
    await page.exposeBinding('__standIn', async ({ frame }, kind: string, channel: string, args: unknown[]) => {
      const senderFrame = { url: toApp(frame.url()), parent: frame.parentFrame() };
      return this.#stand_hear(kind, channel, { senderFrame, sender: this.webContents }, args);
    });
    await page.addInitScript({ content: preloadScript(readFileSync(this.options.webPreferences.preload, 'utf8')) });
    page.on('popup', (popup) => void popup.close().catch(() => {}));
  }

  async #stand_hear(kind: string, channel: string, event: unknown, args: unknown[]): Promise<unknown> {
    if (kind === 'send') {
      this.#stand.ipcMain.emit(channel, event, ...args);
      return { ok: true };
    }
    try {
      const handler = this.#stand.handlers.get(channel);
      if (handler === undefined) throw new Error(`no handler of ${channel}`);
      return { ok: true, value: structuredClone(await handler(event, ...args)) };
    } catch (error) {
      return { ok: false, message: String(error) };
    }
  }

  show(): void {
    this.isShown = true;
  }
  focus = (): void => {};
  restore = (): void => {};
  maximize = (): void => {};
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  isDestroyed = (): boolean => false;
  getNormalBounds = (): object => ({ x: 1, y: 2, width: this.options.width, height: this.options.height });

  /** What the person's click on the cross does. */
  close(): void {
    this.emit('close', { preventDefault() {} });
  }
}

/** Chromium opens no page of a scheme that it does not know: the scheme becomes a host of its own for it. */
const toWeb = (url: string): string => url.replace(/^decklog:\/\/([^/?#]+)/, 'https://$1.decklog.test');
const toApp = (url: string): string => url.replace(/^https:\/\/([^/?#]+)\.decklog\.test(?=[/?#]|$)/, 'decklog://$1');

function frameOf(request: PageRequest): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

/** Runs the built preload before the page's own scripts, with an `electron` of the few parts that a sandboxed one has. */
function preloadScript(code: string): string {
  return `(() => {
  const ask = globalThis.__standIn;
  delete globalThis.__standIn;
  const listeners = new Map();
  const invoke = async (channel, ...args) => {
    const answer = await ask('invoke', channel, args);
    if (!answer.ok) throw new Error(answer.message);
    return answer.value;
  };
  const ipcRenderer = {
    invoke,
    send: (channel, ...args) => void ask('send', channel, args),
    on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    removeListener: (channel, listener) => listeners.set(channel, (listeners.get(channel) ?? []).filter((other) => other !== listener)),
  };
  const freeze = (value) => Object.freeze(Object.fromEntries(Object.entries(value).map(([name, f]) => [name, (...args) => f(...args)])));
  const contextBridge = {
    exposeInMainWorld: (name, value) => Object.defineProperty(globalThis, name, { value: freeze(value), enumerable: true }),
  };
  const webUtils = { getPathForFile: (file) => globalThis.__standInPaths?.get(file) ?? '' };
  Object.defineProperty(globalThis, Symbol.for('stand-in'), {
    value: (channel, args) => { for (const listener of listeners.get(channel) ?? []) listener({}, ...args); },
  });
  const require = (name) => {
    if (name === 'electron') return { contextBridge, ipcRenderer, webUtils };
    throw new Error('a sandboxed preload cannot load ' + name);
  };
  ((require, module, exports, process) => {${code}\n})(require, { exports: {} }, {}, undefined);
})();`;
}
