import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PriceRequest } from '../../core/contract/price.ts';
import { coresOfType, quantity } from '../../core/report/price/cores.ts';
import { CONTEXT, caseOf, temporaryFolder } from '../host/case.ts';

const REQUEST: PriceRequest = {
  perCoreMonth: 10,
  currency: 'EUR',
  priceOrigin: 'a test',
  perGbMonth: 1,
  keepMonths: 1,
};

interface Line {
  readonly at: string;
  readonly verb: string;
  readonly user: string;
  readonly node: string;
  readonly body?: object;
}

function eventOf({ at, verb, user, node, body }: Line, index: number): object {
  const time = `2026-03-0${at}:00.000000Z`;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: body === undefined ? 'Metadata' : 'Request',
    auditID: `00000000-0000-4000-8000-00000000000${index}`,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/nodes/${node}`,
    verb,
    user: { username: user },
    sourceIPs: ['10.0.0.1'],
    objectRef: { resource: 'nodes', name: node, apiVersion: 'v1' },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    ...(body !== undefined && { requestObject: body }),
  };
}

async function estimate(lines: readonly Line[]) {
  const path = join(temporaryFolder(), 'nodes.log');
  writeFileSync(path, lines.map((line, index) => `${JSON.stringify(eventOf(line, index))}\n`).join(''));
  const session = await caseOf([path]);
  const result = await session.outputs.price(REQUEST, CONTEXT);
  session.close();
  return result;
}

const node = (cpu: string) => ({ kind: 'Node', metadata: { name: 'a' }, status: { capacity: { cpu } } });

test('cores over time follow from capacity, deletions, and the kubelets that were heard', async () => {
  const result = await estimate([
    { at: '1T00:00', verb: 'create', user: 'system:node:a', node: 'a', body: node('8') },
    { at: '2T00:00', verb: 'patch', user: 'system:node:b', node: 'b' },
    { at: '3T00:00', verb: 'delete', user: 'admin', node: 'a' },
    { at: '5T00:00', verb: 'get', user: 'system:node:b', node: 'b' },
  ]);

  expect(result.hours).toBe(96);
  expect(result.nodes.map(({ name, cores, origin, deleted }) => ({ name, cores, origin, deleted }))).toEqual([
    { name: 'a', cores: 8, origin: 'capacity', deleted: true },
    { name: 'b', cores: null, origin: 'unknown', deleted: false },
  ]);
  expect(result.steps.map(({ nodes, cores }) => [nodes, cores])).toEqual([
    [1, 8],
    [2, 16],
    [1, 8],
  ]);
  expect(result.cores).toEqual({ low: 10, likely: 10, high: 12 });
  expect(result.perMonth).toEqual({ low: 100, likely: 100, high: 120 });
  expect(result.remarks.join(' ')).toContain('The size of 1 of 2 nodes is unknown');
});

test('a log without nodes says so and costs nothing to watch', async () => {
  const result = await estimate([{ at: '1T00:00', verb: 'get', user: 'alice', node: '' }]);

  expect(result.perMonth.high).toBe(0);
  expect(result.remarks.join(' ')).toContain('shows no node');
});

test('sizes are read from quantities and from names of machine types', () => {
  expect(['8', '7910m', 4, '', '0', 'x', '-1'].map(quantity)).toEqual([8, 7.91, 4, null, null, null, null]);
  expect(
    ['m5.2xlarge', 't3.large', 'Standard_D4s_v3', 'n2-standard-8', 'e2-medium', 'nonsense'].map(coresOfType),
  ).toEqual([8, 2, 4, 8, null, null]);
});
