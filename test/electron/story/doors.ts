import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { chromium } from 'playwright-core';
import { startDecklog } from '../../cli/decklog.ts';
import { temporaryFolder } from '../../host/case.ts';
import { launchOld, type OldLaunch } from '../old/launch.ts';
import { CHROMIUM, startStandIn } from '../stand-in.ts';
import type { StoryDoor } from './story.ts';

/** The served app in a browser. */
export const loopbackDoor: StoryDoor = {
  name: 'loopback',
  open: async (casePath) => {
    const server = startDecklog(['serve', casePath, '--json']);
    const [line] = (await once(createInterface({ input: server.stdout as Readable }), 'line')) as [string];
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto((JSON.parse(line) as { url: string }).url);
    return {
      page,
      crashEngine: () => void process.kill(engineOf(server.pid as number), 'SIGKILL'),
      close: async () => {
        await browser.close();
        const end = once(server, 'exit');
        server.kill('SIGTERM');
        await end;
      },
    };
  },
};

/** The shell on a stand-in for Electron. */
export const standInDoor = (): StoryDoor => {
  const userData = temporaryFolder();
  return {
    name: 'stand-in',
    open: async (casePath) => {
      const shell = await startStandIn(userData, [casePath]);
      return {
        page: shell.page(),
        crashEngine: () => void shell.main.engines.at(-1)?.kill('SIGKILL'),
        close: () => shell.close(),
      };
    },
  };
};

/** The shell on the old Electron: from a folder, a package or an installed program. */
export const oldElectronDoor = (launch: Omit<OldLaunch, 'userData' | 'opens'>, name = 'old Electron'): StoryDoor => {
  const userData = temporaryFolder();
  return {
    name,
    open: async (casePath) => {
      const shell = await launchOld({ ...launch, userData, opens: [casePath] });
      return {
        page: shell.page,
        crashEngine: () => shell.crashEngine(),
        close: () => shell.close(),
      };
    },
  };
};

/** The process that the server has started for its engine. */
function engineOf(server: number): number {
  const children = readFileSync(join('/proc', `${server}`, 'task', `${server}`, 'children'), 'utf8')
    .trim()
    .split(' ');
  const engine = children.find((pid) => readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes('engine-main'));
  if (engine === undefined) throw new Error('the server has no engine');
  return Number(engine);
}
