import { join } from 'node:path';
import { caseOf, SAMPLES, temporaryFolder } from '../../host/case.ts';

/** The path of a case that holds nothing yet. */
export async function emptyCase(): Promise<string> {
  const path = join(temporaryFolder(), 'story.decklog');
  const session = await caseOf([join(SAMPLES, 'damaged--empty.log')], {}, path);
  session.close();
  return path;
}
