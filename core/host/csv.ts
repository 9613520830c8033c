/** A cell that begins like a formula is one to a spreadsheet: an apostrophe in front makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of CSV (RFC 4180); what a spreadsheet would run is defused. */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
