import { CaudalError, suggestion } from '@caudal/spec'
import { lineageGraph, type LineageGraph, type LineageNode, type LineageProject } from './graph.ts'

/** A node with what it is made of, or what is made of it. */
export interface LineageBranch {
  readonly node: LineageNode
  /** Empty for a node that stands in full elsewhere in the tree; then `isRepeated` is set. */
  readonly branches: readonly LineageBranch[]
  readonly isRepeated?: true
}

/** What a column, metric or tile is made of, and what is made of it. */
export interface LineageTree {
  readonly node: LineageNode
  readonly upstream: readonly LineageBranch[]
  readonly downstream: readonly LineageBranch[]
}

/**
 * Traces a column (`crm.deals.amount`, or `deals.amount` where only one table, or one stream of a source, is called so), a metric by name or a tile (`dashboard/tile`).
 * @throws CaudalError `CAUDAL_LINEAGE_UNKNOWN`
 */
export function columnLineage(project: LineageProject, name: string): LineageTree {
  const graph = lineageGraph(project)
  const node = findNode(graph, name)
  return {
    node,
    upstream: branchesOf(node.id, graph.upstream, graph, new Set([node.id])),
    downstream: branchesOf(node.id, graph.downstream, graph, new Set([node.id])),
  }
}

/** The tree as text: what it is made of above, what is made of it below. */
export function renderLineage(tree: LineageTree): string {
  const { node, upstream, downstream } = tree
  const type = node.type === undefined ? '' : `  ${node.type}`
  return [
    `${node.label}${type}`,
    ...section('made of', upstream),
    ...section('used by', downstream),
    ...(upstream.length + downstream.length === 0 ? ['', 'Nothing is made of it.'] : []),
  ].join('\n')
}

/** The node that a name stands for. @throws CaudalError `CAUDAL_LINEAGE_UNKNOWN` */
function findNode(graph: LineageGraph, name: string): LineageNode {
  const exact = [name, `metric ${name}`, `tile ${name}`]
    .map((id) => graph.nodes.get(id))
    .find((node) => node !== undefined)
  if (exact !== undefined) return exact
  const nodes = [...graph.nodes.values()]
  const columns = nodes.filter((node) => node.kind === 'column')
  const lower = name.toLowerCase()
  const matching = columns.filter(
    (node) => node.id.toLowerCase() === lower || node.id.toLowerCase().endsWith(`.${lower}`),
  )
  const fromSource = matching.filter(({ id }) =>
    (graph.upstream.get(id) ?? []).some((above) => above.startsWith('field ')),
  )
  const [only, ...others] = matching.length > 1 && fromSource.length > 0 ? fromSource : matching
  if (only !== undefined && others.length === 0) return only
  const ofTable = columns.filter((node) => node.of.toLowerCase() === lower)
  const known = nodes.flatMap((node) => [
    node.id,
    node.id.replace(/^(metric|tile) /, ''),
    node.id.replace(/^[^.]+\./, ''),
  ])
  throw new CaudalError({
    code: 'CAUDAL_LINEAGE_UNKNOWN',
    message:
      matching.length > 1
        ? `\`${name}\` may be ${matching.map((node) => `\`${node.id}\``).join(' or ')}.`
        : ofTable.length > 0
          ? `\`${name}\` is a table; lineage is traced by column.`
          : `No column, metric or tile is called \`${name}\`.${suggestion(name, known)}`,
    hint:
      ofTable.length > 0
        ? `Its columns: ${ofTable.map((node) => node.id).join(', ')}.`
        : 'Write schema.table.column, the name of a metric, or dashboard/tile.',
    context: { name },
  })
}

function branchesOf(
  id: string,
  edges: ReadonlyMap<string, readonly string[]>,
  graph: LineageGraph,
  shown: Set<string>,
): readonly LineageBranch[] {
  const next = [...(edges.get(id) ?? [])].toSorted()
  return next.flatMap((to) => {
    const node = graph.nodes.get(to)
    if (node === undefined) return []
    if (shown.has(to)) {
      const hasMore = (edges.get(to) ?? []).length > 0
      return [{ node, branches: [], ...(hasMore ? { isRepeated: true as const } : {}) }]
    }
    shown.add(to)
    return [{ node, branches: branchesOf(to, edges, graph, shown) }]
  })
}

function section(title: string, branches: readonly LineageBranch[]): readonly string[] {
  return branches.length === 0 ? [] : ['', title, ...linesOf(branches, '')]
}

function linesOf(branches: readonly LineageBranch[], indent: string): readonly string[] {
  return branches.flatMap((branch, index) => {
    const isLast = index === branches.length - 1
    const type = branch.node.type === undefined ? '' : `  ${branch.node.type}`
    const line = `${indent}${isLast ? '└─' : '├─'} ${branch.node.label}${type}${branch.isRepeated === true ? ' …' : ''}`
    return [line, ...linesOf(branch.branches, `${indent}${isLast ? '   ' : '│  '}`)]
  })
}
