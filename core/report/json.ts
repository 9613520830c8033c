import { jsonText } from '../text.ts';
import type { Report } from './model.ts';

/** The model itself, one JSON document. `findings` is the part that is the same on every machine. */
export function renderJson(report: Report): string {
  return `${jsonText(report, 1)}\n`;
}
