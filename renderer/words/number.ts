/** `312,408`: never rounded, and the same in every locale. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 alert`, `3 alerts`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Megabytes to one place, as everywhere; small sizes whole. */
export function megabytes(bytes: number): string {
  if (bytes < 100_000) return `${count(bytes)} bytes`;
  return `${count(Math.floor(bytes / 1e6))}.${Math.floor((bytes % 1e6) / 1e5)} MB`;
}

/** `9f3c…e1a7` */
export function shortHash(hash: string): string {
  return hash.length <= 12 ? hash : `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}

/** Cuts in the middle, for paths. */
export function middle(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
