import { aggregatesTo, boundRole, boundSubjects, boundUsers, grantsOf, podSecurityLabels } from '../access.ts';
import {
  decisionsOf,
  requestedSubject,
  requestedUser,
  requesterOf,
  signerOf,
  usagesOf,
} from '../certificate-request.ts';
import { isSelfDecided } from '../object-facts.ts';
import { BINDING_BODY, bodyOf, REQUEST_BODY, ROLE_BODY, type Row, texts } from './field.ts';

/** Rights that are given, and certificates that are asked for. */
export const accessRows: readonly Row[] = [
  [
    'rbac.grant',
    'list',
    ROLE_BODY,
    texts(grantsOf),
    '`verb group/resource` for each grant of a written role, wildcards kept: `get core/secrets`, `* */*`, `get core/configmaps names=a,b`, `get url:/metrics`. A role with more than 5,000 ends with `too-many`.',
  ],
  [
    'rbac.aggregatesTo',
    'list',
    ROLE_BODY,
    texts(aggregatesTo),
    'Built-in roles that the written cluster role is added to by label.',
  ],
  [
    'binding.role',
    'text',
    BINDING_BODY,
    boundRole,
    '`ClusterRole/cluster-admin`: the role that a written binding gives.',
  ],
  [
    'binding.subjects',
    'list',
    BINDING_BODY,
    texts(boundSubjects),
    '`User/x`, `Group/x` or `ServiceAccount/namespace/x` for each subject of a written binding.',
  ],
  [
    'binding.users',
    'list',
    BINDING_BODY,
    texts(boundUsers),
    'The same without groups, as they stand in `user.username`: `x`, `system:serviceaccount:namespace:x`.',
  ],
  [
    'namespace.podSecurity',
    'list',
    bodyOf('namespaces'),
    texts(podSecurityLabels),
    '`enforce=privileged` for each Pod Security label that the write states; `enforce=removed` where a patch removes it.',
  ],
  ['csr.signer', 'text', REQUEST_BODY, signerOf, 'Signer of a certificate signing request.'],
  ['csr.usages', 'list', REQUEST_BODY, texts(usagesOf), 'Usages that it asks for.'],
  [
    'csr.subject',
    'list',
    REQUEST_BODY,
    texts(requestedSubject),
    '`CN=user` and `O=group` that the encoded request asks for.',
  ],
  ['csr.user', 'list', REQUEST_BODY, texts(requestedUser), 'The user that it would make: its `CN`.'],
  ['csr.requester', 'text', REQUEST_BODY, requesterOf, 'User that made it.'],
  [
    'csr.selfDecided',
    'flag',
    REQUEST_BODY,
    isSelfDecided,
    'Of a decision (`approval`): whether the one who decides is the one who asked.',
  ],
  [
    'csr.decisions',
    'list',
    REQUEST_BODY,
    texts(decisionsOf),
    '`Approved`, `Denied` or `Failed`, as the written object says.',
  ],
];
