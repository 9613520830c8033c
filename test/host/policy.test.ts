import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { auditPolicy } from './audit-policy.ts';
import { CONTEXT, caseOf, SHIPPED } from './case.ts';
import { logOf, type Made, rulesOf, ruleText } from './made-log.ts';

async function policyFor(log: readonly Made[], rules: Readonly<Record<string, string>>) {
  const session = await caseOf([logOf(log)]);
  await session.detect({ shipped: false, paths: [rulesOf(rules)] }, CONTEXT);
  const proposal = session.policy('medium');
  session.close();
  const raw: unknown = proposal.policy === null ? null : parse(proposal.policy);
  return { ...proposal, rules: raw === null ? [] : v.parse(auditPolicy, raw).rules };
}

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const POD = { hostPID: true };

test('a policy asks for what blind rules miss and for nothing else', async () => {
  const { rules, lifts } = await policyFor(
    [
      { at: 0, verb: 'create' },
      { at: 1, on: 'apps/deployments', verb: 'create', level: 'Request', request: { spec: POD } },
    ],
    {
      body: ruleText('Pod body', '{objectRef.resource: pods, verb: create, requestObject.spec.hostPID: true}'),
      fine: ruleText('Deployment body', '{objectRef.resource: deployments, requestObject.spec.hostIPC: true}'),
      never: ruleText('Command', '{objectRef.resource: pods, objectRef.subresource: exec}'),
      low: ruleText('Too low', '{objectRef.resource: jobs}').replace('level: high', 'level: low'),
    },
  );

  expect(lifts).toEqual(['Command', 'Pod body']);
  expect(rules.map(({ omitStages: _, ...rule }) => rule)).toEqual([
    { level: 'Request', verbs: WRITES, resources: [{ group: '', resources: ['pods'] }] },
    { level: 'Metadata', resources: [{ group: '', resources: ['pods/exec'] }] },
    { level: 'Metadata' },
  ]);
});

test('credentials are never asked for, and titles of rules stay comments', async () => {
  const { policy, leftOut, rules } = await policyFor([{ at: 0, on: 'secrets', verb: 'create' }, { at: 1 }], {
    secret: ruleText('Secret body', '{objectRef.resource: secrets, requestObject.type: Opaque}'),
    hostile: ruleText('x', '{objectRef.resource: nodes}').replace('title: x', 'title: "a\\nrules: []\\nkind: b"'),
  });

  expect(leftOut).toEqual(['Secret body']);
  expect(policy).toContain('# Left out, since it would write credentials into the log: Secret body.');
  expect(rules).toHaveLength(2);
});

test('what no policy can lift gives none', async () => {
  expect(await policyFor([{ at: 0 }], { fine: ruleText('Fine', '{user.username: eve}') })).toMatchObject({
    policy: null,
  });
});

test('the proposal for the whole pack is a valid policy', async () => {
  const session = await caseOf([logOf([{ at: 0 }])]);
  await session.detect(SHIPPED, CONTEXT);
  const { policy } = session.policy('informational');
  session.close();

  expect(v.safeParse(auditPolicy, parse(policy ?? '')).success).toBe(true);
});
