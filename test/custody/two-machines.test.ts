import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { REPORT_FORMATS } from '../../core/contract/report-calls.ts';
import { decklog, ROOT } from '../cli/decklog.ts';
import { temporaryFolder } from '../host/case.ts';
import { ruleText } from '../host/made-log.ts';

const MADE = '2026-12-01T00:00:00.000Z';

/** A machine: who works on it, where, and under which clock and language. */
interface Machine {
  readonly folder: string;
  readonly case: string;
  readonly env: NodeJS.ProcessEnv;
  /** Names of the folders with evidence, in the order in which they are given. */
  readonly evidence: readonly string[];
  /** One import of all, or one after the other and a run at the end. */
  readonly isGradual: boolean;
}

const machines: readonly Machine[] = [
  {
    folder: join(temporaryFolder(), 'a'),
    case: 'case.decklog',
    env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C', DECKLOG_EXAMINER: 'mia', DECKLOG_WORKERS: '1' },
    evidence: ['nw-cp-1', 'nw-cp-2'],
    isGradual: false,
  },
  {
    folder: join(temporaryFolder(), 'Ümläut mit Leerzeichen', 'deep', 'er'),
    case: 'Fall (2) ü.decklog',
    env: {
      TZ: 'Pacific/Chatham',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      DECKLOG_EXAMINER: 'zoë',
      DECKLOG_WORKERS: '3',
    },
    evidence: ['nw-cp-2', 'nw-cp-1'],
    isGradual: true,
  },
];

/** Prepares a machine with the same evidence, rule and settings, and makes its case there. */
async function workOn({ folder, case: path, env, evidence, isGradual }: Machine): Promise<void> {
  mkdirSync(join(folder, 'home'), { recursive: true });
  for (const name of evidence) cpSync(join(ROOT, 'sample', 'northwind', name), join(folder, name), { recursive: true });
  writeFileSync(
    join(folder, 'own.yml'),
    ruleText('Secrets of shop', '{objectRef.resource: secrets, objectRef.namespace: shop}'),
  );
  const all = { ...env, HOME: join(folder, 'home'), TMPDIR: folder };
  const run = async (...args: readonly string[]) => {
    const ended = await decklog([...args, '--quiet'], folder, all);
    if (ended.code !== 0) throw new Error(ended.stderr);
  };
  if (isGradual) for (const name of evidence) await run('import', path, name);
  else await run('import', path, ...evidence);
  await run('lists', path, 'allowed_registries', '--add', 'registry.northwind.example', '--note', 'ours');
  await run('detect', path, '--rules', 'own.yml');
  await run('suppress', path, 'add', '--condition', 'user:alice@northwind.example', '--reason', 'her work');
}

async function reportOf({ folder, env }: Machine, path: string, format: string): Promise<Buffer> {
  const file = `report-${path.length}.${format === 'csv' ? 'zip' : format}`;
  const ended = await decklog(
    ['report', path, '-o', file, '--format', format, '--made', MADE, '--role', 'reader'],
    folder,
    {
      ...env,
      HOME: join(folder, 'home'),
    },
  );
  if (ended.code !== 0) throw new Error(ended.stderr);
  return readFileSync(join(folder, file));
}

beforeAll(async () => {
  for (const machine of machines) await workOn(machine);
}, 120_000);

test('two machines with the same evidence, rules and settings find the same, byte for byte', async () => {
  const [first, second] = await Promise.all(machines.map((machine) => reportOf(machine, machine.case, 'json')));
  const findings = (bytes: Buffer | undefined) => JSON.stringify(JSON.parse(String(bytes)).findings);

  expect(JSON.parse(String(first)).findings.findings.length).toBeGreaterThan(10);
  expect(findings(second)).toBe(findings(first));
});

test.each(REPORT_FORMATS)(
  'copies of one case under other names on two machines give the same whole report: %s',
  async (format) => {
    const [one, other] = machines as [Machine, Machine];
    copyFileSync(join(one.folder, one.case), join(other.folder, 'copy of another.decklog'));
    const first = await reportOf({ ...one, env: { ...one.env, DECKLOG_EXAMINER: 'mia' } }, one.case, format);
    const second = await reportOf(
      { ...other, env: { ...other.env, DECKLOG_EXAMINER: 'mia' } },
      'copy of another.decklog',
      format,
    );

    expect(second.equals(first)).toBe(true);
  },
);
