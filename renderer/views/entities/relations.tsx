import '@xyflow/react/dist/base.css';
import { Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import { type ReactNode, useMemo, useState } from 'react';
import { visibleText } from '../../../core/chart/visible-text.ts';
import type { GraphNode, Relations } from '../../../core/contract/entity-calls.ts';
import type { EntityRef } from '../../../core/contract/scope.ts';
import { useCall } from '../../calls/use-call.ts';
import { EvidenceText } from '../../parts/evidence-text.tsx';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Answered } from '../../parts/state.tsx';
import { useWidth } from '../../parts/use-width.ts';
import { Segments } from '../../parts/view-head.tsx';
import { entitySearch, usePlace } from '../../place.ts';
import { shortUser } from '../../words/identity.ts';
import { count, counted } from '../../words/number.ts';
import { fitted, NODE_HEIGHT } from './graph-places.ts';

const MOST_NODES = 14;

/** With whom and what: a graph that stays readable, and a table that holds all. */
export function RelationsPane({ entity }: { readonly entity: EntityRef }): ReactNode {
  const { range } = usePlace();
  const [as, setAs] = useState<'graph' | 'table'>('graph');
  const relations = useCall(
    'entities/relations',
    { entity, limit: MOST_NODES, ...(range === null ? {} : { range }) },
    { keeps: true },
  );
  const { data } = relations;
  return (
    <section className="sec" aria-label="Relations">
      <h2>
        Relations{' '}
        <small>
          {data === undefined ? '' : `${count(Math.max(0, data.nodes.length - 1))} of ${count(data.total)}, by weight`}
        </small>
        <span className="sp" />
        <Segments
          label="Relations as"
          value={as}
          options={[
            ['graph', 'Graph'],
            ['table', 'Table'],
          ]}
          onChange={setAs}
        />
      </h2>
      <Answered call={relations} rows={6}>
        {(answer) =>
          as === 'table' || answer.nodes.length < 2 ? (
            <RelationTable relations={answer} />
          ) : (
            <Graph relations={answer} center={entity} />
          )
        }
      </Answered>
    </section>
  );
}

type EntityNode = Node<
  { readonly node: GraphNode; readonly isCenter: boolean; readonly isAbove: boolean; onOpen(): void },
  'entity'
>;

function Graph({ relations, center }: { readonly relations: Relations; readonly center: EntityRef }): ReactNode {
  const { go } = usePlace();
  const [ref, width] = useWidth<HTMLDivElement>();
  const layout = useMemo(() => fitted(relations.nodes, width), [relations, width]);
  const nodes = useMemo(
    () =>
      relations.nodes.map(
        (node, index): EntityNode => ({
          id: String(index),
          type: 'entity',
          position: layout?.places[index] ?? { x: node.x - node.width / 2, y: node.y - node.height / 2 },
          width: layout === null ? node.width : layout.nodeWidth,
          height: layout === null ? node.height : NODE_HEIGHT,
          draggable: false,
          connectable: false,
          focusable: false,
          data: {
            node,
            isCenter: node.entity.kind === center.kind && node.entity.name === center.name,
            isAbove: layout?.isMiddleAbove === true && layout.places[index]?.y === topOf(layout.places),
            onOpen: () => go('entities', entitySearch(node.entity)),
          },
        }),
      ),
    [relations, center, go, layout],
  );
  const edges = useMemo(
    () =>
      relations.edges.map((edge, index) => ({
        id: `e${index}`,
        source: String(edge.from),
        target: String(edge.to),
        focusable: false,
        // Between ranks that were drawn together there is no room; the node says the number.
        ...(layout === null ? { label: visibleText(edge.title) } : {}),
        ariaLabel: `${visibleText(edge.title)}, ${counted(edge.events, 'event')}`,
        className: edge.level === null ? 'edge' : `edge edge-${edge.level}`,
        markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
      })),
    [relations, layout],
  );
  return (
    <div
      ref={ref}
      className="graph"
      style={{ height: layout?.height ?? Math.max(180, Math.min(420, relations.height + 40)) }}
    >
      {width === 0 ? null : (
        <ReactFlow
          key={`${layout === null} ${width} ${relations.nodes.length}`}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          fitView={layout === null}
          defaultViewport={{ x: 0, y: 0, zoom: 1 }}
          panOnDrag={layout === null}
          fitViewOptions={{ padding: 0.04, maxZoom: 1 }}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          zoomOnScroll={false}
          preventScrolling={false}
          minZoom={0.2}
          proOptions={{ hideAttribution: false }}
        />
      )}
    </div>
  );
}

function EntityBox({ data }: NodeProps<EntityNode>): ReactNode {
  const { node, isCenter, isAbove, onOpen } = data;
  return (
    <>
      <Handle type="target" position={isAbove ? Position.Bottom : Position.Left} className="no-handle" />
      <button
        type="button"
        className={isCenter ? 'graph-node center' : 'graph-node'}
        title={visibleText(node.entity.name)}
        onClick={onOpen}
      >
        <span className="row">
          <b className="clip grow">
            <EvidenceText>{shortUser(node.title)}</EvidenceText>
          </b>
          {node.level === null ? null : <SeverityMark level={node.level} size={12} />}
        </span>
        <small className="t2 clip">
          {node.entity.kind === 'serviceaccount' ? 'service account' : node.entity.kind} · {count(node.weight)}
        </small>
      </button>
      <Handle type="source" position={isAbove ? Position.Bottom : Position.Right} className="no-handle" />
    </>
  );
}

const topOf = (places: readonly { readonly y: number }[]): number => Math.min(...places.map(({ y }) => y));

const NODE_TYPES = { entity: EntityBox };

function RelationTable({ relations }: { readonly relations: Relations }): ReactNode {
  const { go } = usePlace();
  if (relations.table.length === 0) return <p className="t2">It stands alone in this range.</p>;
  return (
    <table className="plain" aria-label="Relations">
      <colgroup>
        <col style={{ width: 110 }} />
        <col />
        <col style={{ width: 62 }} />
        <col style={{ width: 52 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">How</th>
          <th scope="col">With</th>
          <th scope="col" className="num">
            Events
          </th>
          <th scope="col" className="num">
            Alerts
          </th>
        </tr>
      </thead>
      <tbody>
        {relations.table.slice(0, 200).map((row) => (
          <tr key={`${row.relation} ${row.entity.kind} ${row.entity.name}`}>
            <td className="t2">{row.relation}</td>
            <td>
              <button
                type="button"
                className="link clip"
                title={visibleText(row.entity.name)}
                onClick={() => go('entities', entitySearch(row.entity))}
              >
                <EvidenceText>{shortUser(row.entity.name)}</EvidenceText>
              </button>
            </td>
            <td className="num">{count(row.events)}</td>
            <td className="num t2">{row.alerts === 0 ? '' : count(row.alerts)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
