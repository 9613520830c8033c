import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { type Display, openDisplay } from '../old/display.ts';
import { CHROMIUM } from '../stand-in.ts';
import { loopbackDoor, oldElectronDoor, standInDoor } from './doors.ts';
import { emptyCase } from './empty-case.ts';
import { tellStory } from './story.ts';

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
