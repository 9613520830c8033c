/** The public face of the Sigma engine: what other folders import. */
export type { DocumentKind, KindInput } from './document-kind.ts';
export { SIGMA_LIMITS } from './limits.ts';
export type * from './model.ts';
export { ProblemReporter } from './problems.ts';
export { entryOf, isNull, type MapEntry, type MapNode, placeOf, toPlain, type YamlNode } from './yaml-node.ts';
