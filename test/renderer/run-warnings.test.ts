import { expect, test } from 'vitest';
import { adviceOn } from '../../renderer/words/run-warning.ts';

test('each limit that the rules tell of has its own meaning and next step', () => {
  const [learnt, crowd, listed, links, deeds] = [
    'New address learnt nothing: there is more to learn than can be kept.',
    '"Secrets read" fires for 5000 identities, more than 1000: its 90000 requests are one alert.',
    'An alert of "Secrets read" lists the first 1000 of 90000 requests; all of them are kept with it.',
    'Of 900 suspects only 500 were looked at for links.',
    'Only the first 100000 requests of suspects were looked at.',
  ].map(adviceOn);
  expect(new Set([learnt, crowd, listed, links]).size).toBe(4);
  expect(deeds).toBe(links);
  expect(learnt?.means).toContain('proves nothing');
});
