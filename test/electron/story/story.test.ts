import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { caseOf, SAMPLES, temporaryFolder } from '../../host/case.ts';
import { type Display, openDisplay } from '../old/display.ts';
import { CHROMIUM } from '../stand-in.ts';
import { loopbackDoor, oldElectronDoor, standInDoor } from './doors.ts';
import { tellStory } from './story.ts';

/** A case that holds nothing yet. */
async function emptyCase(): Promise<string> {
  const path = join(temporaryFolder(), 'story.decklog');
  const session = await caseOf([join(SAMPLES, 'damaged--empty.log')], {}, path);
  session.close();
  return path;
}

describe.skipIf(!existsSync(CHROMIUM))('in a browser', () => {
  test.each([loopbackDoor, standInDoor()])('the story holds in the lane $name', async (door) => {
    await tellStory(door, await emptyCase());
  });
});

const old = inject('oldElectron');

describe.skipIf('why' in old)('on the old Electron', () => {
  let display: Display;
  beforeAll(async () => {
    display = (await openDisplay()) as Display;
  });
  afterAll(() => display?.close());

  test('the story holds', async () => {
    const { binary, entry } = old as Exclude<typeof old, { why: string }>;
    await tellStory(oldElectronDoor({ binary, entry, display: display.name }), await emptyCase());
  });
});
