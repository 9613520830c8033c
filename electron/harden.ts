import type { App, Session, WebContents, WebPreferences } from 'electron';
import { isOurs } from './origin.ts';

/** The one kind of window that there is. */
export function webPreferences(preload: string, isPackaged: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    spellcheck: false,
    navigateOnDragDrop: false,
    devTools: !isPackaged,
  };
}

/** Before the app is ready: every renderer in a sandbox, no name is ever looked up. */
export function hardenApp(app: App): void {
  // It takes --no-sandbox away from child processes, which then die where root runs them, as in a container of tests.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('disable-features', 'DnsOverHttps,AsyncDns,MediaRouter,SpareRendererForSitePerProcess');
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch('no-pings');
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}

/** Once it is ready: nothing leaves our scheme, nothing is permitted, nothing is downloaded. */
export function hardenSession(session: Session): void {
  session.webRequest.onBeforeRequest((details, done) => done({ cancel: !isAllowed(details.url) }));
  session.setPermissionRequestHandler((_contents, permission, done) => done(mayBePermitted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => mayBePermitted(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false);
}

/** Copying text, which a person asked for by a key or a button. */
const mayBePermitted = (permission: string): boolean => permission === 'clipboard-sanitized-write';

/** Our pages, and pictures that stand in them. */
const isAllowed = (url: string): boolean => isOurs(url) || url.startsWith('data:image/') || url.startsWith('devtools:');

function hardenContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url?: string }, url = event.url ?? '') => {
    if (!isOurs(url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', (event) => stay(event));
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
