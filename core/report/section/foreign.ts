import type { Block } from '../document.ts';
import type { Report } from '../model.ts';
import { counted, shortTime } from '../words.ts';

/** What other tools raised over the same cluster, beside our findings. */
export function foreignSection({ custody: { foreign } }: Report): Block[] {
  if (foreign.length === 0) return [{ kind: 'text', line: ['None were brought into this case.'] }];
  const both = foreign.filter(({ findings }) => findings.length > 0).length;
  return [
    {
      kind: 'text',
      line: [
        `${counted(foreign.length, 'alert')} of Microsoft Defender for Cloud, as its export tells them. Findings of this report stand beside ${both} of them, for the same detection at that time. No finding rests on them, and nothing in the evidence proves them.`,
      ],
    },
    {
      kind: 'table',
      caption: 'Alerts of Microsoft Defender for Cloud',
      columns: [
        { head: 'From', width: 15 },
        { head: 'To', width: 15 },
        { head: 'Level', width: 10 },
        { head: 'Alert', width: 28 },
        { head: 'On', width: 20 },
        { head: 'Ours', width: 12 },
      ],
      rows: foreign.map(({ firstTime, lastTime, level, title, type, namespace, object, cluster, findings }) => [
        [shortTime(firstTime)],
        [shortTime(lastTime)],
        [level],
        [`${title} (`, { text: type, style: 'code' }, ')'],
        [[namespace, object ?? cluster].filter((part) => part !== null).join('/')],
        [findings.map((id) => `#${id}`).join(' ') || 'none'],
      ]),
    },
    {
      kind: 'table',
      caption: 'Files that they came in',
      columns: [
        { head: 'File', width: 40, code: true },
        { head: 'SHA-256', width: 60, code: true },
      ],
      rows: [...new Map(foreign.map(({ file, sha256 }) => [sha256, file])).entries()].map(([sha256, file]) => [
        [file],
        [sha256],
      ]),
    },
  ];
}
