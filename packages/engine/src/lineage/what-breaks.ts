import { lineageGraph, type LineageGraph, type LineageNode, type LineageProject } from './graph.ts'

/** How something depends on columns: it is made of them, or it only reads a model that can no longer be built. */
export type BreakageKind = 'uses' | 'stops'

/** Something that breaks when columns disappear. */
export interface BrokenNode {
  /** Name of the model or metric, or `dashboard/tile`. */
  readonly name: string
  readonly how: BreakageKind
  /** What a person reads. */
  readonly label: string
  /** The way from a removed column to here. */
  readonly path: readonly string[]
  readonly place?: string
}

/** What breaks when columns disappear; what uses them first. */
export interface Breakage {
  readonly models: readonly BrokenNode[]
  readonly metrics: readonly BrokenNode[]
  readonly tiles: readonly BrokenNode[]
}

/**
 * The models, metrics and dashboard tiles that break when columns disappear. A model that names a missing column cannot be built, so what reads it
 * by other columns stops too.
 * @param removed `schema.table.column`; unknown ones break nothing
 */
export function whatBreaks(project: LineageProject, removed: readonly string[]): Breakage {
  const graph = lineageGraph(project)
  const uses = reach(removed, (id) => graph.downstream.get(id) ?? [])
  const broken = new Map<string, readonly string[]>()
  for (const [id, path] of uses) {
    const node = graph.nodes.get(id)
    if ((node?.kind === 'column' || node?.kind === 'rows') && !broken.has(node.of)) broken.set(node.of, path)
  }
  const stopped = reachModels(project, broken)
  const stops = new Map([...uses, ...stopsOf(graph, stopped)])
  const list = (kind: LineageNode['kind']): readonly BrokenNode[] => brokenNodes(kind, graph, uses, stops)
  return { models: brokenModels(project, broken, stopped), metrics: list('metric'), tiles: list('tile') }
}

/** The breakage as lines of text. */
export function renderBreakage(breakage: Breakage): string {
  const { models, metrics, tiles } = breakage
  const lines = [...models, ...metrics, ...tiles].map(({ label, how, path }) =>
    how === 'uses' ? `${label} uses it: ${path.join(' → ')}` : `${label} can no longer be built anew`,
  )
  return lines.length === 0 ? 'Nothing uses it.' : lines.join('\n')
}

function brokenModels(
  project: LineageProject,
  broken: ReadonlyMap<string, readonly string[]>,
  stopped: ReadonlySet<string>,
): readonly BrokenNode[] {
  const of = (how: BreakageKind, isChosen: (name: string) => boolean): readonly BrokenNode[] =>
    project.models
      .filter((model) => isChosen(model.name))
      .map(({ name, file }) => ({
        name,
        how,
        label: `model ${name}`,
        path: broken.get(name) ?? [],
        place: file,
      }))
  return [
    ...of('uses', (name) => broken.has(name)),
    ...of('stops', (name) => stopped.has(name) && !broken.has(name)),
  ]
}

function brokenNodes(
  kind: LineageNode['kind'],
  graph: LineageGraph,
  uses: ReadonlyMap<string, readonly string[]>,
  stops: ReadonlyMap<string, readonly string[]>,
): readonly BrokenNode[] {
  const nodes = [...graph.nodes.values()].filter((node) => node.kind === kind && stops.has(node.id))
  const toBroken = (node: LineageNode): BrokenNode => ({
    name: node.id.replace(/^\w+ /, ''),
    how: uses.has(node.id) ? 'uses' : 'stops',
    label: node.label,
    path: uses.get(node.id) ?? [],
    ...(node.place === undefined ? {} : { place: node.place }),
  })
  return nodes.map(toBroken).toSorted((a, b) => (a.how === b.how ? 0 : a.how === 'uses' ? -1 : 1))
}

/** What reads models that can no longer be built. */
function stopsOf(graph: LineageGraph, models: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const roots = [...graph.nodes.values()].filter(
    (node) => (node.kind === 'rows' || node.kind === 'column') && models.has(node.of),
  )
  return reach(
    roots.map((node) => node.id),
    (id) => graph.downstream.get(id) ?? [],
  )
}

/** Models that are broken, and those below them. */
function reachModels(project: LineageProject, broken: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const reached = new Set<string>()
  for (const { name, references } of project.models) {
    if (broken.has(name) || references.some((reference) => reached.has(reference))) reached.add(name)
  }
  return reached
}

/** What can be reached from some nodes, each with the shortest way to it; the nodes themselves included. */
function reach(
  from: readonly string[],
  next: (id: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>(from.map((id) => [id, [id]]))
  const waiting = [...from]
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    for (const to of next(id)) {
      if (paths.has(to)) continue
      paths.set(to, [...(paths.get(id) ?? []), to])
      waiting.push(to)
    }
  }
  return paths
}
