import type { GraphNode } from '../../../core/contract/entity-calls.ts';

export const NODE_HEIGHT = 38;
const ROW = 46;
const EDGE = 4;
/** Room below, where the library names itself. */
const FOOT = 20;
const NARROWEST = 90;
const WIDEST = 230;
/** Between columns, for the lines. */
const GAP = 40;

export interface GraphPlaces {
  /** Upper left corners, in the order of the nodes. */
  readonly places: readonly { readonly x: number; readonly y: number }[];
  readonly nodeWidth: number;
  readonly height: number;
  /** Whether the middle stands above both sides: then its lines leave it downwards. */
  readonly isMiddleAbove: boolean;
}

/**
 * The engine's layout drawn for the width at hand: text keeps its size, and names get what room there is. Where three columns
 * would cut most names off, the middle stands above the two sides. Null where neither has room; boxes never overlap.
 */
export function fitted(nodes: readonly GraphNode[], width: number): GraphPlaces | null {
  const left = Math.min(...nodes.map((node) => node.x));
  const right = Math.max(...nodes.map((node) => node.x));
  if (right === left) return null;
  const sides = nodes.map((node) => sideOf((node.x - left) / (right - left)));
  const sizes = [0, 1, 2].map((side) => sides.filter((each) => each === side).length);
  const [, inMiddle = 0] = sizes;
  const inThree = Math.min(WIDEST, Math.floor((width - 2 * EDGE - 2 * GAP) / 3));
  const isMiddleAbove = inMiddle === 1 && inThree < WIDEST * 0.75;
  const inTwo = Math.min(WIDEST, Math.floor((width - 2 * EDGE - GAP) / 2));
  const nodeWidth = isMiddleAbove || inMiddle === 0 ? inTwo : inThree;
  if (nodeWidth < NARROWEST) return null;
  const top = isMiddleAbove ? ROW + 8 : 0;
  const tallest = Math.max(...sizes.filter((_, side) => !isMiddleAbove || side !== 1)) * ROW;
  const next = [0, 0, 0];
  const places: { x: number; y: number }[] = [];
  for (const index of [...nodes.keys()].sort(byHeight(nodes))) {
    const side = sides[index] ?? 0;
    const row = next[side] ?? 0;
    next[side] = row + 1;
    const isAbove = isMiddleAbove && side === 1;
    const spare = isMiddleAbove ? 0 : (tallest - (sizes[side] ?? 1) * ROW) / 2;
    places[index] = {
      x: Math.round(EDGE + (side / 2) * (width - nodeWidth - 2 * EDGE)),
      y: EDGE + (isAbove ? 0 : top + spare + row * ROW),
    };
  }
  return { places, nodeWidth, height: EDGE + top + tallest + FOOT, isMiddleAbove };
}

const sideOf = (share: number): 0 | 1 | 2 => (share < 0.34 ? 0 : share > 0.66 ? 2 : 1);

const byHeight =
  (nodes: readonly GraphNode[]) =>
  (a: number, b: number): number =>
    (nodes[a]?.y ?? 0) - (nodes[b]?.y ?? 0) || a - b;
