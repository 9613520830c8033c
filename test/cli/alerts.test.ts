import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decklog, document, jsonLines, SAMPLES } from './decklog.ts';

const folder = mkdtempSync(join(tmpdir(), 'decklog-'));
const RULE = `title: A node shell was opened
id: 6a7a1f6e-90ab-4b5e-8a0e-2f3f1f7b9a11
status: test
logsource:
  product: kubernetes
  service: audit
detection:
  selection:
    objectRef.subresource: exec
    objectRef.name: node-tools
  condition: selection
level: critical
falsepositives:
  - Maintenance
`;

let first: Awaited<ReturnType<typeof decklog>>;

async function run(...args: readonly string[]): Promise<Awaited<ReturnType<typeof decklog>>> {
  return decklog(args, folder);
}

async function critical(): Promise<Record<string, unknown>[]> {
  return jsonLines((await run('alerts', 'c.decklog', '--level', 'critical', '--json')).stdout);
}

beforeAll(async () => {
  writeFileSync(join(folder, 'shell.yml'), RULE);
  const evidence = join(SAMPLES, 'k8s-audit-jsonl.log');
  const args = ['investigate', evidence, '--case', 'c.decklog', '--rules', 'shell.yml', '--fail-on', 'critical'];
  first = await run(...args);
});

test('an alert at the level of --fail-on ends with 3, and people are told who, what, where, when and the proof', () => {
  expect(first.code).toBe(3);
  expect(first.stdout).toContain('CRITICAL\n  A node shell was opened\n    #');
  expect(first.stdout).toMatch(/mira\.holt@example\.org on kube-system\/pods\/node-tools.*, succeeded\n/);
  expect(first.stdout).toMatch(/at 2026-03-04T10:15:16\.551454Z, 1 request, from 203\.0\.113\.41; proof [0-9a-f-]{36}/);
  expect(first.stdout).toMatch(/An alert with its proof: decklog alert c\.decklog \d+\n/);
});

test('detect without such an alert ends with 0; with the same rules the alerts are the same', async () => {
  const before = await critical();
  const [alone, again] = [
    await run('detect', 'c.decklog', '--fail-on', 'critical', '--json'),
    await run('detect', 'c.decklog', '--rules', 'shell.yml', '--fail-on', 'critical', '--json'),
  ];

  expect([alone.code, again.code]).toEqual([0, 3]);
  expect(JSON.parse(again.stdout)).not.toHaveProperty('profile');
  expect((await critical()).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
});

test('an alert is shown with its proof, the reason why the rule fired, and the event', async () => {
  const [alert] = await critical();
  const id = String(alert?.id);
  const [text, proof] = await Promise.all([
    run('alert', 'c.decklog', id),
    document(['alert', 'c.decklog', id], folder),
  ]);

  expect(text.stdout).toContain('CRITICAL, open\n');
  expect(text.stdout).toContain('  objectRef.subresource = "exec"\n');
  expect(text.stdout).toContain('Often harmless when\n  Maintenance\n');
  expect(text.stdout).toContain('  "kind": "Event"');
  expect(proof).toMatchObject({ alert: { id: alert?.id }, ruleText: RULE, events: expect.any(Array) });
});

test('judging an alert needs a reason, which stays on record; what is judged harmless does not stand any more', async () => {
  const [alert] = await critical();
  const id = String(alert?.id);
  const without = await run('alert', 'c.decklog', id, '--status', 'benign', '--json');
  const judged = await document(
    ['alert', 'c.decklog', id, '--status', 'benign', '--reason', 'rollout 4711', '--examiner', 'Ada'],
    folder,
  );
  const again = await run('detect', 'c.decklog', '--rules', 'shell.yml', '--fail-on', 'critical', '--quiet');
  const open = await run('alerts', 'c.decklog', '--level', 'critical', '--status', 'open', '--json');

  expect(without).toMatchObject({ code: 2, stdout: '' });
  expect(JSON.parse(without.stderr).fault.code).toBe('alert/reason-missing');
  expect(judged).toMatchObject({ alert: { status: 'benign' }, history: [{ examiner: 'Ada' }] });
  expect([again.code, open.stdout]).toEqual([0, '']);
});

test('a profile comes where it is asked for', async () => {
  const outcome = await document(['detect', 'c.decklog', '--profile'], folder);

  expect(outcome).toHaveProperty('profile');
});

test('a rule that is wrong is refused with its problems, and the case stays as it was', async () => {
  writeFileSync(join(folder, 'wrong.yml'), RULE.replace('condition: selection', 'condition: selektion'));
  const before = await document(['case', 'c.decklog'], folder);
  const ended = await run('detect', 'c.decklog', '--rules', 'wrong.yml', '--json');

  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(ended.stderr).fault).toMatchObject({
    code: 'rule/invalid',
    problems: [{ path: 'wrong.yml', code: 'condition/unknown-identifier', line: 11 }],
  });
  expect(await document(['case', 'c.decklog'], folder)).toEqual(before);
});

test('coverage tells of each rule whether it fired, was clean or blind', async () => {
  const rows = jsonLines((await run('coverage', 'c.decklog', '--json')).stdout);
  const { stdout } = await run('coverage', 'c.decklog');

  expect(rows.length).toBeGreaterThan(100);
  expect(new Set(rows.map((row) => row.state))).toContain('clean');
  expect(rows[0]).toMatchObject({ rule: { id: expect.any(String) }, reason: expect.any(String) });
  expect(stdout).toMatch(/^(fired|clean|blind) +/m);
});
