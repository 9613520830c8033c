/** Names that stand in bytes: plain, URL-encoded, or in base64 at any of three places. */
export function leaksIn(bytes: Uint8Array, names: readonly string[]): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return names.filter((name) => formsOf(name).some((form) => text.includes(Buffer.from(form).toString('latin1'))));
}

function formsOf(name: string): string[] {
  const bytes = Buffer.from(name);
  const encoded = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const urls = encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    name,
    encodeURIComponent(name),
    JSON.stringify(name).slice(1, -1),
    ...[...encoded, ...urls].filter((text) => text.length >= 5),
  ];
}
