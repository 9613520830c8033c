import { expect, test } from 'vitest';
import type { Shape } from '../../core/ingest/block.ts';
import { type RecordContext, unwrap } from '../../core/ingest/unwrap.ts';
import { readAll } from './read-all.ts';
import { textSamples } from './sample-files.ts';

const samples = textSamples();

function contextOf(shape: Shape, format: string): RecordContext {
  const table = shape.kind === 'csv' ? { header: shape.header, delimiter: shape.delimiter } : null;
  return { encoding: shape.encoding, format, table };
}

test('a verbatim event is the bytes at its place', async () => {
  for (const [name, bytes] of samples) {
    for (const { read, offset, length } of (await readAll(bytes)).said) {
      if (read?.form !== 'verbatim') continue;
      const slice = JSON.parse(bytes.subarray(offset, offset + length).toString()) as { auditID: unknown };
      expect(slice.auditID, name).toBe(read.event.auditID);
      expect(read.inner, name).toBeNull();
    }
  }
});

test('a wrapped event comes out of its record again, from the stored context alone', async () => {
  let count = 0;
  for (const [name, bytes] of samples) {
    const { said, blocks } = await readAll(bytes);
    for (const { read, offset, length } of said) {
      if (read?.form !== 'wrapped') continue;
      const record = bytes.subarray(offset, offset + length);
      const again = unwrap(record, read.inner, contextOf(blocks[0]!.shape, read.format));
      expect(Buffer.from(again?.text ?? []).toString(), name).toBe(Buffer.from(read.text ?? []).toString());
      expect(again?.event, name).toEqual(read.event);
      count++;
    }
  }

  expect(count).toBeGreaterThan(100);
});

test('a rebuilt event has no bytes of its own', async () => {
  const bytes = samples.get('gcp-logentry-jsonl.json')!;
  const [first] = (await readAll(bytes)).said;
  const context: RecordContext = { encoding: 'utf-8', format: 'gcp-logentry-jsonl', table: null };

  expect(first?.read?.form).toBe('rebuilt');
  expect(unwrap(bytes.subarray(first!.offset, first!.offset + first!.length), null, context)).toBeNull();
});

test('the wrapper says which server and cluster an event is from', async () => {
  const sources: Record<string, string> = {};
  for (const name of [
    'aws-cwl-subscription.json',
    'aws-cwl-tail.log',
    'azure-diag-jsonl.json',
    'azure-la-aksaudit.json',
    'gcp-logentry-array.json',
    'openshift-node-logs.log',
    'otlp-json.jsonl',
    'loki-api.json',
    'syslog-json.log',
    'journald-json.jsonl',
  ]) {
    const { said } = await readAll(samples.get(name)!);
    const read = said.find(({ kind }) => kind === 'event')?.read;
    sources[name] = `${read?.server} in ${read?.cluster}`;
  }

  expect(sources).toEqual({
    'aws-cwl-subscription.json': 'kube-apiserver-audit-9f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5 in shop-prod',
    'aws-cwl-tail.log': 'kube-apiserver-audit-9f0c1d2e3a4b5c6d7e8f90a1b2c3d4e5 in null',
    'azure-diag-jsonl.json': 'kube-apiserver-5d8f7c9b4d-q7xkz in aks-shop',
    'azure-la-aksaudit.json': 'kube-apiserver-5d8f7c9b4d-q7xkz in aks-shop',
    'gcp-logentry-array.json': 'null in shop',
    'openshift-node-logs.log': 'master-0.ocp.example.org in null',
    'otlp-json.jsonl': 'null in shop',
    'loki-api.json': 'cp-1 in null',
    'syslog-json.log': 'cp-1 in null',
    'journald-json.jsonl': 'cp-1 in null',
  });
});
