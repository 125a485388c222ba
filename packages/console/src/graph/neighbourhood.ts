import type { GraphAnswer, GraphNode } from '@caudal/spec'

/** The order in which data flows through the kinds of node. */
export const kindOrder: readonly GraphNode['kind'][] = [
  'source',
  'pipeline',
  'table',
  'model',
  'metric',
  'dashboard',
]

/** The ids within so many steps of a node, itself included: what it reads, and what it feeds. */
export function neighbourhood(graph: GraphAnswer, center: string, steps: number): ReadonlySet<string> {
  const found = new Set([center])
  for (const direction of ['up', 'down'] as const) {
    let edge = new Set([center])
    for (let step = 0; step < steps; step++) {
      edge = new Set(
        graph.edges.flatMap(({ from, to }) => {
          const [near, far] = direction === 'up' ? [to, from] : [from, to]
          return edge.has(near) ? [far] : []
        }),
      )
      for (const id of edge) found.add(id)
    }
  }
  return found
}

/** The direct neighbours of a node on one side. */
export function neighbours(graph: GraphAnswer, id: string, side: 'reads' | 'feeds'): readonly GraphNode[] {
  const ids = new Set(
    graph.edges.flatMap(({ from, to }) => {
      if (side === 'reads') return to === id ? [from] : []
      return from === id ? [to] : []
    }),
  )
  return graph.nodes.filter((node) => ids.has(node.id))
}

/** The nodes whose name or description holds every word of the search. */
export function searchNodes(nodes: readonly GraphNode[], search: string): readonly GraphNode[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return nodes.filter((node) => {
    const text = `${node.label} ${node.id} ${node.description ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Above this many nodes the whole graph is not drawn before somebody asks for it. */
export const drawnMax = 60

/** The node around which a large graph is drawn while none is chosen: one that fares badly, else the last. */
export function startNode(graph: GraphAnswer): string | undefined {
  const bad =
    graph.nodes.find((node) => node.health === 'failing') ??
    graph.nodes.find((node) => node.health === 'late')
  return (bad ?? graph.nodes.find((node) => node.kind === 'dashboard') ?? graph.nodes[0])?.id
}

/** The part of the graph with these ids. */
export function partOf(graph: GraphAnswer, ids: ReadonlySet<string>): GraphAnswer {
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
  }
}
