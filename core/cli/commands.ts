import type { CommandDefinition, GroupDefinition } from './definition.ts';

/** A command's name, and how to load it: a command loads nothing that it does not need. */
interface Entry {
  readonly name: string;
  /** Names of the commands within a group. */
  readonly inner?: readonly string[];
  load(): Promise<CommandDefinition | GroupDefinition>;
}

/** In the order of the manual. */
export const COMMANDS: readonly Entry[] = [
  { name: 'investigate', load: async () => (await import('./commands/investigate.ts')).investigate },
  { name: 'import', load: async () => (await import('./commands/import.ts')).importEvidence },
  { name: 'case', load: async () => (await import('./commands/case.ts')).caseGlance },
  { name: 'evidence', load: async () => (await import('./commands/evidence.ts')).evidence },
  { name: 'gaps', load: async () => (await import('./commands/gaps.ts')).gaps },
  { name: 'rejected', load: async () => (await import('./commands/rejected.ts')).rejected },
  { name: 'detect', load: async () => (await import('./commands/detect.ts')).detect },
  { name: 'alerts', load: async () => (await import('./commands/alerts.ts')).alerts },
  { name: 'alert', load: async () => (await import('./commands/alert.ts')).alertCommand },
  { name: 'incidents', load: async () => (await import('./commands/incidents.ts')).incidents },
  { name: 'suppress', load: async () => (await import('./commands/suppress.ts')).suppress },
  { name: 'coverage', load: async () => (await import('./commands/coverage.ts')).coverage },
  { name: 'events', load: async () => (await import('./commands/events.ts')).events },
  { name: 'entities', load: async () => (await import('./commands/entities.ts')).entities },
  { name: 'history', load: async () => (await import('./commands/history.ts')).history },
  { name: 'access', load: async () => (await import('./commands/access.ts')).access },
  { name: 'raw', load: async () => (await import('./commands/raw.ts')).raw },
  { name: 'verify', load: async () => (await import('./commands/verify.ts')).verify },
  { name: 'actions', load: async () => (await import('./commands/actions.ts')).actions },
  { name: 'seal', load: async () => (await import('./commands/seal.ts')).seal },
  { name: 'diff', load: async () => (await import('./commands/diff.ts')).diff },
  {
    name: 'annotations',
    inner: ['export', 'merge'],
    load: async () => (await import('./commands/annotations.ts')).annotations,
  },
  {
    name: 'rules',
    inner: ['check', 'test', 'try', 'list'],
    load: async () => (await import('./commands/rules.ts')).rules,
  },
  { name: 'lists', load: async () => (await import('./commands/lists.ts')).lists },
  { name: 'export', load: async () => (await import('./commands/export.ts')).exportCommand },
  {
    name: 'baseline',
    inner: ['export'],
    load: async () => (await import('./commands/baseline.ts')).baseline,
  },
  {
    name: 'indicators',
    inner: ['add', 'list', 'remove'],
    load: async () => (await import('./commands/indicators.ts')).indicators,
  },
  {
    name: 'foreign',
    inner: ['add', 'list', 'remove'],
    load: async () => (await import('./commands/foreign.ts')).foreign,
  },
  { name: 'price', load: async () => (await import('./commands/price.ts')).price },
  { name: 'pseudonyms', load: async () => (await import('./commands/pseudonyms.ts')).pseudonyms },
  { name: 'bundle', load: async () => (await import('./commands/bundle.ts')).bundle },
  {
    name: 'keys',
    inner: ['make'],
    load: async () => (await import('./commands/keys.ts')).keys,
  },
  { name: 'report', load: async () => (await import('./commands/report.ts')).report },
  { name: 'serve', load: async () => (await import('./commands/serve.ts')).serve },
  { name: 'formats', load: async () => (await import('./commands/formats.ts')).formats },
  { name: 'start', load: async () => (await import('./commands/start.ts')).start },
];

/** The command that the words begin with; all of them where they name none, for help and suggestions. */
export async function loadCommands(words: readonly string[]): Promise<(CommandDefinition | GroupDefinition)[]> {
  const named = COMMANDS.find((entry) => entry.name === words[0]);
  return Promise.all((named ? [named] : COMMANDS).map((entry) => entry.load()));
}
