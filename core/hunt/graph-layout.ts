import dagre from '@dagrejs/dagre';

/** A box of the graph, and where its middle is. */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed {
  readonly boxes: readonly PlacedBox[];
  readonly width: number;
  readonly height: number;
}

const HEIGHT = 44;
const LETTER = 7.2;
const [LEAST_WIDTH, MOST_WIDTH] = [120, 260];

/** Lays a graph out from left to right. The same graph gives the same picture. */
export function layOut(
  titles: readonly string[],
  edges: readonly { readonly from: number; readonly to: number }[],
): Placed {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 90, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  titles.forEach((title, at) => {
    const width = Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.round(title.length * LETTER) + 40));
    graph.setNode(String(at), { width, height: HEIGHT });
  });
  for (const { from, to } of edges) graph.setEdge(String(from), String(to));
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const boxes = titles.map((_, at) => {
    const { x, y, width: wide, height: high } = graph.node(String(at)) as PlacedBox;
    return { x: Math.round(x), y: Math.round(y), width: wide, height: high };
  });
  return { boxes, width: Math.ceil(width), height: Math.ceil(height) };
}
