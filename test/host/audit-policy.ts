import * as v from 'valibot';

/**
 * The kind Policy of audit.k8s.io/v1 as the API server reads it (strictly: unknown keys are errors) and validates it: levels and
 * stages by name, either resources or non-resource paths, no wildcards but those that exist.
 */
const level = v.picklist(['None', 'Metadata', 'Request', 'RequestResponse']);
const stages = v.array(v.picklist(['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic']));
const groupResources = v.strictObject({
  group: v.optional(v.pipe(v.string(), v.regex(/^(|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/))),
  resources: v.optional(v.array(v.pipe(v.string(), v.regex(/^(\*|[a-z0-9]+)(\/(\*|[a-z0-9]+))?$/)))),
  resourceNames: v.optional(v.array(v.string())),
});
const rule = v.pipe(
  v.strictObject({
    level,
    users: v.optional(v.array(v.string())),
    userGroups: v.optional(v.array(v.string())),
    verbs: v.optional(v.array(v.string())),
    resources: v.optional(v.array(groupResources)),
    namespaces: v.optional(v.array(v.string())),
    nonResourceURLs: v.optional(v.array(v.pipe(v.string(), v.startsWith('/')))),
    omitStages: v.optional(stages),
    omitManagedFields: v.optional(v.boolean()),
  }),
  v.check((one) => one.nonResourceURLs === undefined || (one.resources === undefined && one.namespaces === undefined)),
);

export const auditPolicy = v.strictObject({
  apiVersion: v.literal('audit.k8s.io/v1'),
  kind: v.literal('Policy'),
  metadata: v.optional(v.object({})),
  rules: v.pipe(v.array(rule), v.minLength(1)),
  omitStages: v.optional(stages),
  omitManagedFields: v.optional(v.boolean()),
});
