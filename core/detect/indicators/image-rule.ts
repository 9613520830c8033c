import type { RuleSource } from '../rule-set.ts';

/** Id of the rule that finds images in use, for lists that name some: it raises nothing of its own. */
export const IMAGE_RULE_ID = '5ab0ce0c-91de-4a4c-8f8e-1f6e4d1f9c3a';

/** Images stand in bodies, not in columns: a rule of its own looks for them, only where some list names images. */
export const IMAGE_RULE: RuleSource = {
  path: 'case/indicators/images.yml',
  text: `title: Images in use (for lists of indicators)
id: ${IMAGE_RULE_ID}
status: stable
description: Writes of pods and workloads that name images.
taxonomy: decklog
logsource: {product: kubernetes, service: audit}
detection:
  selection:
    decklog.pod.images|exists: true
  filter_received:
    stage: RequestReceived
  condition: selection and not filter_received
falsepositives: [Part of lists of indicators]
level: informational
`,
};
