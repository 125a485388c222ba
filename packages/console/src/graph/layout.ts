import { graphlib, layout as layOut } from '@dagrejs/dagre'
import type { GraphAnswer, GraphNode } from '@caudal/spec'

/** The size of a node in pixels: what holds no data of its own is one line high. */
export function sizeOf(node: Pick<GraphNode, 'kind'>): { readonly width: number; readonly height: number } {
  return { width: 184, height: node.kind === 'metric' || node.kind === 'dashboard' ? 32 : 50 }
}

/** The upper left corner of each node: layers from left to right as data flows. */
export function layoutGraph(
  graph: GraphAnswer,
): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const drawing = new graphlib.Graph()
  drawing.setGraph({ rankdir: 'LR', nodesep: 12, ranksep: 40, ranker: 'network-simplex' })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of graph.nodes) drawing.setNode(node.id, sizeOf(node))
  for (const { from, to } of graph.edges) if (from !== to) drawing.setEdge(from, to)
  layOut(drawing)
  return new Map(
    graph.nodes.map((node) => {
      const { x, y } = drawing.node(node.id)
      const size = sizeOf(node)
      return [node.id, { x: x - size.width / 2, y: y - size.height / 2 }]
    }),
  )
}
