/** The public face of the Sigma engine: what other folders import. */
export { type CorrelationAlert, correlate } from './correlate.ts';
export { type CorrelationItem, type ItemMapper, itemMapper } from './correlation-items.ts';
export { eventTimeUs } from './event-time.ts';
export { type FieldFinder, fieldFinder } from './field.ts';
export { fold } from './fold.ts';
export { SIGMA_LIMITS } from './limits.ts';
export { type CorrelationMember, type LinkedRules, linkRules } from './link-rules.ts';
export type * from './model.ts';
export { nearest as nearestName } from './nearest-name.ts';
export { type Network, networkAround, parseAddress, parseNetwork } from './network.ts';
export { parseRules } from './parse-rules.ts';
export { type PlainDocument, parseYaml } from './parse-yaml.ts';
export { possibleItems } from './possible-items.ts';
export { ProblemReporter } from './problems.ts';
export { readField } from './read-field.ts';
export { knownFrom } from './residual.ts';
export { type TriedAlert, type TriedDetection, type TryResult, tryRules } from './try-rules.ts';
export { entryOf, isNull, type MapEntry, type MapNode, placeOf, toPlain, type YamlNode } from './yaml-node.ts';
