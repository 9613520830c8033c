import type { Metadata } from './model.ts';
import type { ProblemReporter } from './problems.ts';
import type { MapEntry, MapNode } from './yaml-node.ts';

/** What the reader of a registered document kind is given. */
export interface KindInput {
  readonly metadata: Metadata;
  readonly document: MapNode;
  /** The entry whose key made the document one of this kind. */
  readonly entry: MapEntry;
  readonly report: ProblemReporter;
}

/** A kind of document besides Sigma's own, known by a top-level key (docs/sigma.md). */
export interface DocumentKind {
  readonly attribute: string;
  /** Reads the document, reporting what is wrong with it. */
  read(input: KindInput): unknown;
}
