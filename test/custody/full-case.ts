import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { placeOf } from '../../core/host/mark-places.ts';
import { openCase } from '../../core/host/open-case.ts';
import { CaseStore } from '../../core/store/case-store.ts';
import { ROOT } from '../cli/decklog.ts';
import { CONTEXT, caseOf, SHIPPED, temporaryFolder } from '../host/case.ts';
import { ruleText } from '../host/made-log.ts';

export const NORTHWIND = [1, 2].map((node) => join(ROOT, 'sample', 'northwind', `nw-cp-${node}`, 'audit.log.gz'));
const TIME = 1_772_000_000_000_000;
const BY = { examiner: 'mia', time: TIME };

/** Makes a case at a path in which every table has rows: evidence of every fate, findings, decisions, settings and marks. */
export async function makeFullCase(path: string, logs: readonly string[] = NORTHWIND): Promise<void> {
  (await caseOf(oddEvidence(logs[0] as string), { rules: SHIPPED }, path)).close();
  (await caseOf(logs, { rules: SHIPPED }, path)).close();
  decide(path);
  settle(path);
  const session = openCase(path, { mode: 'write', examiner: 'mia' });
  await session.detect(SHIPPED, CONTEXT);
  session.suppress({ reason: 'known backup', rule: session.alerts({})[3]?.rule.id as string });
  session.close();
  markAll(path);
}

/** A poorer copy that comes first, two events that contradict each other, and lines that are no events. */
function oddEvidence(log: string): string[] {
  const folder = temporaryFolder();
  const lines = gunzipSync(readFileSync(log)).toString().split('\n');
  const full = lines.find((line) => line.includes('"requestObject":{')) as string;
  const { requestObject: _, responseObject: _response, ...poor } = JSON.parse(full);
  const other = JSON.parse(lines.find((line) => line !== full && line !== '') as string);
  const odd = [poor, { ...other, userAgent: 'curl/8.9.1' }].map((event) => JSON.stringify(event));
  const path = join(folder, 'odd.log');
  writeFileSync(path, `${odd.join('\n')}\n{"kind":"Event","auditID":"cut\nnot a log line\n`);
  return [path];
}

function decide(path: string): void {
  const session = openCase(path, { mode: 'write', examiner: 'mia' });
  const [first, second] = session.alerts({});
  session.setStatus(first?.id as number, 'confirmed', 'seen on the host, too');
  session.setStatus(second?.id as number, 'benign', 'the nightly job');
  session.changeList({ name: 'allowed_registries', add: ['registry.northwind.example'], replaces: true, note: 'ours' });
  session.addIndicators({
    name: 'feed',
    file: 'feed.txt',
    bytes: Buffer.from('198.51.100.0/24 # spring\n203.0.113.200\n'),
    date: '2026-03-01',
  });
  const alerts = readFileSync(join(ROOT, 'test', 'fixtures', 'defender', 'alerts-api.json'));
  session.addForeign({ file: 'alerts-api.json', bytes: alerts, note: 'from the portal' });
  session.close();
}

function settle(path: string): void {
  const store = CaseStore.open(path, 'write');
  store.change(() => {
    const rule = { path: 'own/secrets.yml', text: ruleText('Secrets again', '{objectRef.resource: secrets}') };
    store.settings.addRule({ ...rule, tests: '', isRemoved: false, reason: 'try', ...BY });
    store.settings.addRule({ ...rule, tests: '[]', isRemoved: false, reason: 'better', ...BY });
    const { rule: quiet } = store.findings.coverage()[0] as { rule: { id: string } };
    store.settings.setRule({ ruleId: quiet.id, isEnabled: true, level: 'low', reason: 'too loud', ...BY });
    store.record({ ...BY, name: 'rule/save', detail: {}, changed: ['settings'] });
  });
  store.close();
}

function markAll(path: string): void {
  const store = CaseStore.open(path, 'write');
  const [alert, incident] = [store.findings.list()[0], store.findings.incidents.list()[0]];
  store.change(() => {
    const event = placeOf({ kind: 'event', id: 3 }, store);
    store.marks.add('star', '', event, 'mia', TIME);
    store.marks.add('note', 'ask the team of **payments**', event, 'mia', TIME);
    store.marks.add('tag', 'entry', { kind: 'alert', name: alert?.key as string, event: null }, 'zoe', TIME);
    store.marks.add(
      'verdict',
      'break-in',
      { kind: 'incident', name: incident?.key as string, event: null },
      'mia',
      TIME,
    );
    store.marks.setRemoved([store.marks.add('note', 'wrong', event, 'mia', TIME)], TIME + 1);
    store.savedQueries.add({ name: 'secrets', kind: 'query', text: 'resource:secrets', ...BY });
    store.record({ ...BY, name: 'mark/add', detail: {}, changed: ['marks'] });
  });
  store.close();
}
