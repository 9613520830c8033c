import { FIELD_STYLES, type FieldStyle } from '../../core/contract/rows.ts';
import type { FieldMapping, MappedName } from '../../core/event/mapping/field-mapping.ts';
import { MAPPINGS } from '../../core/event/mapping/mappings.ts';

const HEAD = `# Field mappings

Sigma rules for Kubernetes do not agree on the names of fields. Names that SigmaHQ's rules use are always understood
(\`docs/sigma.md\`). Rules written for the stores and engines of this page are understood with \`--mapping STYLE\`, in \`detect\`,
\`import\`, \`investigate\`, and \`rules try\`, \`check\`, \`test\` and \`list\`:

\`\`\`sh
decklog rules check their-rules --mapping ecs
decklog detect case.decklog --rules their-rules --mapping ecs
\`\`\`

A mapping is asked for and never guessed, since the same name may mean another thing elsewhere (\`user.name\`). It adds meanings: the
real paths of an event and the fields of \`docs/fields.md\` stay. It maps names of fields and of log sources, and no values. \`rules
check\` warns of names that nothing knows. A path into a pod spec is looked for in pods and in the templates of workloads, in
containers of all three kinds.

The tables are made from \`core/event/mapping\` (\`UPDATE_GOLDEN=1 npx vitest run test/event\`).
`;

const cell = (text: string) => text.replaceAll('|', '\\|');

/** The first paths of a long list: the rest are the same in other templates. */
function row({ name, means, rest }: MappedName): string {
  const parts = means.split(', ');
  const shown = parts.length > 3 ? `${parts[0]}, and where else it may lie (${parts.length} places)` : means;
  return `| \`${name}\`${rest ? ' ...' : ''} | ${cell(shown)} |\n`;
}

function section(style: FieldStyle, { title, description, names, sources }: FieldMapping): string {
  const said = sources.map(({ product, service }) => `\`product: ${product}\` with \`service: ${service}\``).join(', ');
  return `
## ${title}: \`--mapping ${style}\`

${description} Log sources besides our own: ${said}.

| name | means |
|---|---|
${names.map(row).join('')}`;
}

/** docs/mappings.md as the tables make it. */
export const mappingsPage = (): string => HEAD + FIELD_STYLES.map((style) => section(style, MAPPINGS[style])).join('');
