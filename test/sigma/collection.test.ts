import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fieldProblems } from '../../core/detect/field-check.ts';
import { loadRuleFiles } from '../../core/detect/load-rules.ts';
import { compilePack } from '../../core/detect/pack.ts';
import { parseCase } from '../../core/detect/try-rule.ts';

/**
 * Rules as SigmaHQ's Kubernetes folder has them: what each of the sixteen asks for, told anew, with the same names of fields,
 * the same slips (`replace`, bare names, `ALLOW`) and both forms of the log source. A copy of the collection itself is tested
 * besides where `SIGMAHQ` names its folder.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  change_admission_controller: `objectRef.apiGroup: admissionregistration.k8s.io
objectRef.resource: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
verb: [create, delete, patch, replace, update]`,
  cronjob_modification: `objectRef.apiGroup: batch
objectRef.resource: [cronjobs, jobs]
verb: [create, delete, patch, replace, update]`,
  deployment_deleted: 'verb: delete\nobjectRef.resource: deployments',
  events_deleted: 'verb: delete\nobjectRef.resource: events',
  exec_into_container: 'verb: create\nobjectRef.resource: pods\nobjectRef.subresource: exec',
  hostpath_mount: "verb: create\nobjectRef.resource: pods\nhostPath: '*'",
  pod_in_system_namespace: 'verb: create\nobjectRef.resource: pods\nobjectRef.namespace: kube-system',
  potential_enumeration_activity: `- requestURI|contains: ['%2fbin%2fsh', '%2fbin%2fbash', /bin/sh, /bin/bash, /usr/bin/curl]
  responseStatus.code: ALLOW
- userAgent|contains: [access_matrix, trufflehog, azurehound]
  responseStatus.code: ALLOW`,
  privileged_pod_creation: "verb: create\nobjectRef.resource: pods\ncapabilities: '*'",
  rbac_permisions_listing: `verb: create
apiGroup: authorization.k8s.io
objectRef.resource: selfsubjectrulesreviews`,
  rolebinding_modification: `objectRef.apiGroup: rbac.authorization.k8s.io
objectRef.resource: [clusterrolebindings, rolebindings]
verb: [create, delete, patch, replace, update]`,
  secrets_enumeration: 'verb: list\nobjectRef.resource: secrets',
  secrets_modified_or_deleted: 'objectRef.resource: secrets\nverb: [create, delete, patch, replace, update]',
  serviceaccount_creation: 'verb: create\nobjectRef.resource: serviceaccounts',
  sidecar_injection: 'verb: patch\napiGroup: apps\nobjectRef.resource: deployments',
  unauthorized_unauthenticated_actions: 'responseStatus.code: [401, 403]',
};

interface Kind {
  readonly name: string;
  readonly events: readonly unknown[];
  readonly expected: readonly boolean[];
}

/** The conformance cases about the collection: events that each of its rules means, and near misses. */
const KINDS: readonly Kind[] = readFileSync(new URL('../fixtures/sigma/cases.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.includes('"ruleFile"'))
  .map((line, index) => {
    const { ruleFile, events } = parseCase(line, index + 1);
    const { expect: expected } = JSON.parse(line) as { expect: boolean[] };
    return { name: /kubernetes_audit_(\w+)\.yml$/.exec(ruleFile ?? '')?.[1] ?? '', events, expected };
  });

const textFor = (name: string, index: number): string => `title: Like ${name}
status: experimental
date: 2024/03/26
tags: [attack.credential_access, attack.t1552.007]
logsource: {${index % 2 === 0 ? 'category: application, ' : ''}product: kubernetes, service: audit}
detection:
  selection:
${(LOOK_ALIKES[name] ?? '').replace(/^/gm, '    ')}
  condition: selection
level: medium
`;

describe.each(KINDS.map((kind, index) => ({ ...kind, index })))(
  'a rule like $name',
  ({ name, events, expected, index }) => {
    test('loads without an error and fires on the events that it means', () => {
      const pack = compilePack({ sources: [{ path: `${name}.yml`, text: textFor(name, index) }], lists: {} });
      const [rule] = pack.rules;

      expect(pack.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(pack.documents.flatMap((document) => fieldProblems(document))).toEqual([]);
      expect(events.map((event) => rule?.matches(event))).toEqual(expected);
    });
  },
);

const COLLECTION = process.env['SIGMAHQ'];

describe.skipIf(COLLECTION === undefined)("SigmaHQ's own files", () => {
  const folder = join(COLLECTION ?? '', 'rules/application/kubernetes/audit');

  test('a folder of them loads beside the pack, and each fires on an event of its kind', () => {
    const files = loadRuleFiles({ shipped: true, paths: [folder] });
    const pack = compilePack(files.set);
    const own = pack.rules.filter(({ path }) => path.startsWith(folder));
    const silent = KINDS.filter(({ name, events, expected }) => {
      const rule = own.find(({ path }) => path.endsWith(`kubernetes_audit_${name}.yml`));
      return rule === undefined || events.some((event, index) => rule.matches(event) !== expected[index]);
    });

    expect(pack.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(own.flatMap((rule) => fieldProblems(rule))).toEqual([]);
    expect([silent.map(({ name }) => name), own.length >= KINDS.length]).toEqual([[], true]);
    expect(readdirSync(folder).length).toBeGreaterThanOrEqual(KINDS.length);
  });
});
