import type { IndicatorKind } from '../../contract/rows.ts';
import { CaseError } from '../../fault.ts';
import { parseJson } from '../../json.ts';
import type { ReadIndicators } from './indicator.ts';
import { readCsv } from './read-csv.ts';
import { readMisp } from './read-misp.ts';
import { readPlain } from './read-plain.ts';
import { readStix } from './read-stix.ts';

/** Characters of a file of indicators. */
export const MOST_CHARACTERS = 256 * 1024 * 1024;

/**
 * Reads a file of indicators: STIX 2 and MISP as JSON, else a table, else one value a line. `kind` says what values are whose
 * text does not tell. Raises `list/invalid` where it is none of these or holds nothing.
 */
export function readIndicators(text: string, kind: IndicatorKind | null): ReadIndicators {
  const bare = text.replace(/^\uFEFF/, '');
  const read = /^\s*[[{]/.test(bare) ? readDocument(bare) : isTable(bare) ? readCsv(bare, kind) : readPlain(bare, kind);
  if (read.indicators.length > 0) return read;
  const reasons = Object.entries(read.skipped).map(([reason, count]) => `${count} ${reason}`);
  throw new CaseError(
    'list/invalid',
    `The file holds no indicator that can be used${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}.`,
    { hint: 'Addresses, networks, user agents, users, images and digests can stand in an audit log.' },
  );
}

function readDocument(text: string): ReadIndicators {
  const document = documentOf(text);
  const read = readStix(document) ?? readMisp(document);
  if (read !== null) return read;
  throw new CaseError('list/invalid', 'The JSON file is neither a STIX 2 bundle nor an event of MISP.', {
    hint: 'Export one of these, a table (CSV), or one value a line.',
  });
}

function documentOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new CaseError('list/invalid', 'The file begins like JSON but is none.', {
      hint: 'Export the list again.',
      cause,
    });
  }
}

/** A table has the same delimiter in its first rows; user agents alone hold semicolons and commas too. */
function isTable(text: string): boolean {
  const lines = text
    .slice(0, 64 * 1024)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/^[;]/.test(line));
  const rows = lines.filter((line, index) => index === 0 || !line.startsWith('#')).slice(0, 5);
  const head = rows[0] ?? '';
  return [',', ';', '\t', '|'].some((delimiter) => {
    const count = head.split(delimiter).length;
    const isNamed = /\b(value|indicator|ioc|ip|address|type|observable)\b/i.test(head);
    return (
      count > 1 && (isNamed || rows.every((row) => row.split(delimiter).length === count)) && !/^[a-z]+: /.test(head)
    );
  });
}
