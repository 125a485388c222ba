import { graphlib, layout as layOut } from '@dagrejs/dagre'
import type { GraphAnswer } from '@caudal/spec'

/** Size of a node, in pixels. */
export const nodeSize: { readonly width: number; readonly height: number } = { width: 196, height: 62 }

/** The upper left corner of each node: layers from left to right as data flows. */
export function layoutGraph(
  graph: GraphAnswer,
): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const drawing = new graphlib.Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 64, ranker: 'network-simplex' })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of graph.nodes) drawing.setNode(node.id, { ...nodeSize })
  for (const { from, to } of graph.edges) if (from !== to) drawing.setEdge(from, to)
  layOut(drawing)
  return new Map(
    graph.nodes.map((node) => {
      const { x, y } = drawing.node(node.id)
      return [node.id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}
