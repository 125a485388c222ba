/** Nodes and what they point to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

/** One cycle for each group of nodes that reach each other, written from its first node back to it. */
export function findCycles(graph: Graph): string[][] {
  const reach = new Map([...graph.keys()].map((node) => [node, reachableFrom(graph, node)]))
  const seen = new Set<string>()
  const cycles: string[][] = []
  for (const node of [...graph.keys()].toSorted()) {
    if (seen.has(node) || reach.get(node)?.has(node) !== true) continue
    for (const other of reach.get(node) ?? []) {
      if (reach.get(other)?.has(node) === true) seen.add(other)
    }
    cycles.push(pathBack(graph, node))
  }
  return cycles
}

function reachableFrom(graph: Graph, start: string): Set<string> {
  const reached = new Set<string>()
  const queue = [start]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      queue.push(next)
    }
  }
  return reached
}

function pathBack(graph: Graph, start: string): string[] {
  const queue = [[start]]
  const visited = new Set<string>()
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of graph.get(path.at(-1) ?? start) ?? []) {
      if (next === start) return [...path, start]
      if (visited.has(next)) continue
      visited.add(next)
      queue.push([...path, next])
    }
  }
  return [start]
}
