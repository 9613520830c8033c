/** The public face of the Sigma engine: what other folders import. */
export type { DocumentKind, KindInput } from './document-kind.ts';
export { fold } from './fold.ts';
export { SIGMA_LIMITS } from './limits.ts';
export { type CorrelationMember, type LinkedRules, linkRules } from './link-rules.ts';
export type * from './model.ts';
export { parseRules } from './parse-rules.ts';
export { ProblemReporter } from './problems.ts';
export { readField } from './read-field.ts';
export { entryOf, isNull, type MapEntry, type MapNode, placeOf, toPlain, type YamlNode } from './yaml-node.ts';
