import type { CompletionItem } from '../../contract/studio-calls.ts';

const snippet = (label: string, about: string, insert: string): CompletionItem => ({
  label,
  kind: 'snippet',
  insert,
  detail: 'snippet',
  about,
});

/** Beginnings of documents; `$1` and so on are where the cursor goes. */
export const SNIPPETS: readonly CompletionItem[] = [
  snippet(
    'rule',
    'A rule over single events.',
    `title: $1
id: $2
status: experimental
description: >-
  $3
author: $4
tags:
  - attack.$5
logsource:
  product: kubernetes
  service: audit
detection:
  selection:
    $0
  filter_received:
    stage: RequestReceived
  condition: selection and not 1 of filter_*
falsepositives:
  - Unknown
level: medium
`,
  ),
  snippet(
    'correlation',
    'Counts what another rule finds.',
    `---
title: $1
id: $2
status: experimental
correlation:
  type: event_count
  rules:
    - $3
  group-by:
    - user.username
  timespan: 10m
  condition:
    gte: $0
level: medium
`,
  ),
  snippet(
    'sequence',
    'One rule after the other, by the same identity.',
    `---
title: $1
id: $2
status: experimental
correlation:
  type: temporal_ordered
  rules:
    - $3
    - $0
  group-by:
    - decklog.actor
  timespan: 1h
taxonomy: decklog
level: high
`,
  ),
  snippet(
    'baseline',
    'What is new for an identity, learnt from the log.',
    `---
title: $1
id: $2
status: experimental
baseline:
  type: new_terms
  rules:
    - $3
  group-by:
    - decklog.actor
  fields:
    - $0
  learn: 7d
taxonomy: decklog
level: low
`,
  ),
  snippet(
    'filter',
    'Leaves out some of what a rule finds.',
    `---
title: $1
id: $2
logsource:
  product: kubernetes
  service: audit
filter:
  rules:
    - $3
  selection:
    $0
  condition: not selection
`,
  ),
];
