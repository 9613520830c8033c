import type { DerivedField } from '../../core/event/derived/field.ts';

const HEAD = `# Derived fields

Rules may use the fields of an audit event by their paths (\`objectRef.resource\`, \`requestObject.spec.type\`), and the
fields of this page, which Decklog works out from an event. They exist because some facts lie in many places (a pod spec
stands inside eight kinds of workload, and in patches of four forms), and because facts about one element of a list must be
asked together. A rule that uses one says \`taxonomy: decklog\`.

Which body is read: a **create** or **update** by its request body, and by the response body where that is missing. A
**patch** counts for a field only if it touches the field's place; then the object as it stood afterwards is read (response
body), or, where the policy did not record it or the patch was refused, what the patch itself says. A label patch on a
privileged DaemonSet is therefore no new privileged container; a patch of its image is one. For
\`pods/ephemeralcontainers\` only the added containers are seen.

*Level* is the lowest audit level that carries a field, *of* the resources whose events have it. A field that an event does
not have is missing, like any other field: \`|exists\` and \`null\` work as usual. A list matches if any element does.
Lists of texts such as \`decklog.container\` begin each fact with a space but the first, so ask for
\`'|contains': ' privileged=true'\`; white space inside a value is written \`%20\`, so no name can forge a fact.

This page is made from the table in \`core/event/derived/\` (\`UPDATE_GOLDEN=1 npx vitest run test/event\`).

| field | type | level | of | meaning |
|---|---|---|---|---|
`;

const cell = (text: string) => text.replaceAll('|', '\\|');

function row({ name, type, needs, description }: DerivedField): string {
  const of =
    needs.resources.length === 0
      ? 'any'
      : needs.resources.length > 6
        ? 'pods and workloads'
        : needs.resources.join(', ');
  return `| \`${name}\` | ${type} | ${needs.level}${needs.bodies ? ', bodies' : ''} | ${of} | ${cell(description)} |\n`;
}

/** docs/fields.md as the table of derived fields makes it. */
export const fieldsPage = (fields: readonly DerivedField[]): string => HEAD + fields.map(row).join('');
