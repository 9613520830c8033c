// The entry of the old Electron: gives it what our main asks of a newer one, then loads our main as it was built. All else is
// Electron's own: windows, sandbox, isolated worlds, bridge, messages, policies, requests, permissions, menus, the scheme.
const { fork } = require('node:child_process');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const real = require('electron');

// Node 12 lacks these.
class Heads {
  constructor(from) {
    this.map = new Map();
    for (const [name, value] of Object.entries(from || {})) this.map.set(name.toLowerCase(), String(value));
  }
  get(name) {
    return this.map.has(name.toLowerCase()) ? this.map.get(name.toLowerCase()) : null;
  }
  [Symbol.iterator]() {
    return this.map[Symbol.iterator]();
  }
}
class Reply {
  constructor(body, { status = 200, headers } = {}) {
    this.body = body === null || body === undefined ? Buffer.alloc(0) : Buffer.from(body);
    this.status = status;
    this.headers = new Heads(headers);
  }
}
global.performance = performance;
global.Response = Reply;
global.Headers = Heads;
global.queueMicrotask = global.queueMicrotask || ((work) => void Promise.resolve().then(work));
global.structuredClone = (value) => JSON.parse(JSON.stringify(value));
fs.rmSync = (folder, { recursive = false } = {}) => {
  if (recursive) fs.rmdirSync(folder, { recursive });
  else fs.unlinkSync(folder);
};
URL.parse = (text, base) => {
  try {
    return new URL(text, base);
  } catch (_error) {
    return null;
  }
};
Object.hasOwn = (object, name) => Reflect.getOwnPropertyDescriptor(object, name) !== undefined;
const at = function (index) {
  return this[index < 0 ? this.length + index : index];
};
for (const kind of [Array, String]) Object.defineProperty(kind.prototype, 'at', { value: at });
String.prototype.replaceAll = function (find, put) {
  return typeof find === 'string' ? this.split(find).join(put) : this.replace(find, put);
};

// A plain Node cannot read an archive of Electron's: a package carries the engine a second time, with a Node of its own.
function engineOf(entry) {
  const within = entry.split(`app.asar${path.sep}`)[1];
  if (within === undefined) return { file: entry, node: process.env.DECKLOG_NODE };
  return {
    file: path.join(process.resourcesPath, 'cli', within),
    node: path.join(process.resourcesPath, 'cli', 'node'),
  };
}

const engines = [];
const utilityProcess = {
  fork(entry) {
    const { file, node } = engineOf(entry);
    const env = { ...process.env };
    for (const name of ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS']) delete env[name];
    // JSON: the other serialization is of each V8's own version.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'];
    const child = fork(file, [], { execPath: node, execArgv: [], env, stdio, serialization: 'json' });
    engines.push(child);
    child.on('error', () => {});
    const made = new EventEmitter();
    made.postMessage = (message) => void (child.connected && child.send(message, () => {}));
    Object.defineProperty(made, 'pid', {
      get: () => (child.exitCode === null && child.signalCode === null ? child.pid : undefined),
    });
    child.on('message', (message) => made.emit('message', message));
    child.on('exit', (code) => made.emit('exit', code === null ? 128 : code));
    return made;
  },
};

function answerOf(reply, done) {
  const headers = {};
  for (const [name, value] of reply.headers) headers[name] = value;
  const [mimeType, charset = 'utf-8'] = (headers['content-type'] || 'text/plain').split(/;\s*charset=/);
  done({ statusCode: reply.status, headers, mimeType, charset, data: reply.body });
}

const protocol = Object.create(real.protocol, {
  registerSchemesAsPrivileged: { value: (schemes) => real.protocol.registerSchemesAsPrivileged(schemes) },
  handle: {
    value: (scheme, handler) =>
      real.protocol.registerBufferProtocol(scheme, ({ url, method }, done) => {
        handler({ url, method }).then(
          (reply) => answerOf(reply, done),
          () => done({ error: -2 }),
        );
      }),
  },
});

/** Adds the frame that asks. Here it is always the main one: no preload runs in another. */
const withFrame = (event) => Object.assign(event, { senderFrame: { url: event.sender.getURL(), parent: null } });
const ipcMain = Object.create(real.ipcMain, {
  handle: {
    value: (channel, listener) => real.ipcMain.handle(channel, (event, ...args) => listener(withFrame(event), ...args)),
  },
  on: {
    value: (channel, listener) => real.ipcMain.on(channel, (event, ...args) => listener(withFrame(event), ...args)),
  },
});

real.app.prependListener('web-contents-created', (_event, contents) => {
  contents.setWindowOpenHandler = (handler) =>
    contents.on('new-window', (event, url) => {
      if (handler({ url }).action !== 'allow') event.preventDefault();
    });
});
real.app.prependOnceListener('ready', () => {
  const session = real.session.defaultSession;
  session.setDevicePermissionHandler = () => {};
  session.setSpellCheckerEnabled = session.setSpellCheckerEnabled || (() => {});
});

const over = { protocol, ipcMain, utilityProcess };
const electron = new Proxy(real, { get: (target, name) => (name in over ? over[name] : target[name]) });
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === 'electron') return electron;
  if (name === 'node:fs/promises') return fs.promises;
  return load(name.replace(/^node:/, ''), ...rest);
};
// For tests, which reach this process through Playwright.
global.decklogTest = { engines };
require(path.join(__dirname, 'electron', 'main.cjs'));
