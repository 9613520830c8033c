/** `2026-03-09 01:31:02`, UTC. */
export const shortTime = (time: number | null): string =>
  time === null ? 'no time' : new Date(time / 1000).toISOString().slice(0, 19).replace('T', ' ');
