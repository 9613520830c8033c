/** Formats of alerts that other tools read (docs/exports.md). */
export const ALERT_FORMATS = [
  'jsonl',
  'csv',
  'defender',
  'defender-eventhub',
  'cef',
  'syslog',
  'ecs',
  'ocsf',
  'stix',
  'timesketch-jsonl',
  'timesketch-csv',
  'timeline-explorer',
  'attack-navigator',
] as const;
export type AlertFormat = (typeof ALERT_FORMATS)[number];

/** Formats of events. */
export const EVENT_FORMATS = [
  'jsonl',
  'csv',
  'parquet',
  'ecs',
  'timesketch-jsonl',
  'timesketch-csv',
  'timeline-explorer',
] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];
