import {
  CaudalError,
  rawTables,
  suggestion,
  type Manifest,
  type ModelNode,
  type ModelState,
} from '@caudal/spec'
import { builtFingerprint, parseBuiltState } from './built-state.ts'
import { effectiveFingerprints } from '../model/fingerprint.ts'

/** The part of a manifest that selection looks at. */
export type SelectableProject = Pick<Manifest, 'sources' | 'pipelines' | 'tables' | 'models'>

/** Chosen nodes by name. */
export interface Selection {
  readonly sources: ReadonlySet<string>
  readonly models: ReadonlySet<string>
}

/** Nodes of the graph: `source:crm`, and tables and models by name. */
interface Graph {
  /** Node → nodes that it reads. */
  readonly upstream: ReadonlyMap<string, readonly string[]>
  readonly downstream: ReadonlyMap<string, readonly string[]>
}

const methods = ['tag', 'path', 'state', 'source'] as const

/**
 * Chooses sources and models. Each expression is `name`, `tag:daily`, `path:models/marts`, `state:changed` or `source:crm`; a name may hold `*`.
 * The table of a stream stands for reading that stream.
 * A `+` in front adds everything upstream, sources included; a `+` behind everything downstream; a comma keeps what both sides choose. Several
 * expressions choose what any of them chooses.
 * @param expressions none: everything
 * @param changed models whose SQL, or that of a model above, differs from what was built
 * @throws CaudalError `CAUDAL_SELECT_UNKNOWN`
 */
export function selectNodes(
  project: SelectableProject,
  expressions: readonly string[],
  changed: ReadonlySet<string>,
): Selection {
  const graph = graphOf(project)
  const nodes = new Set(
    expressions.length === 0
      ? graph.upstream.keys()
      : expressions.flatMap((expression) => [...selectExpression(expression, project, graph, changed)]),
  )
  return {
    sources: new Set(
      project.sources
        .filter(({ name, streams }) =>
          [`source:${name}`, ...streams.map(({ table }) => table)].some((node) => nodes.has(node)),
        )
        .map((source) => source.name),
    ),
    models: new Set(project.models.map((model) => model.name).filter((name) => nodes.has(name))),
  }
}

/** Models whose SQL or settings, or those of a model above, differ from what the warehouse was built with; new ones too. */
export function changedModels(
  models: readonly ModelNode[],
  states: readonly ModelState[],
): ReadonlySet<string> {
  const effective = effectiveFingerprints(models)
  const byName = new Map(models.map((model) => [model.name, model]))
  const stateOf = new Map(states.map((state) => [state.model, state]))
  const changed = models.filter((model) => {
    const state = stateOf.get(model.name)
    if (state === undefined || parseBuiltState(state.fingerprint).own !== model.fingerprint) return true
    return builtFingerprint(model.name, byName, stateOf) !== effective.get(model.name)
  })
  return new Set(changed.map((model) => model.name))
}

function selectExpression(
  expression: string,
  project: SelectableProject,
  graph: Graph,
  changed: ReadonlySet<string>,
): ReadonlySet<string> {
  const parts = expression.split(',').map((part) => selectPart(part.trim(), project, graph, changed))
  const [first, ...others] = parts
  return new Set([...(first ?? [])].filter((name) => others.every((part) => part.has(name))))
}

function selectPart(
  part: string,
  project: SelectableProject,
  graph: Graph,
  changed: ReadonlySet<string>,
): ReadonlySet<string> {
  const [, before = '', core = '', behind = ''] = /^(\+?)(.*?)(\+?)$/.exec(part) ?? []
  const chosen = selectCore(core, project, graph, changed)
  return new Set([
    ...chosen,
    ...(before === '' ? [] : reach(chosen, graph.upstream)),
    ...(behind === '' ? [] : reach(chosen, graph.downstream)),
  ])
}

function selectCore(
  core: string,
  project: SelectableProject,
  graph: Graph,
  changed: ReadonlySet<string>,
): readonly string[] {
  const [, method, value = ''] = /^(\w+):(.*)$/.exec(core) ?? []
  const sources = project.sources.map((source) => source.name)
  switch (method) {
    case undefined:
      return named(core, [...graph.upstream.keys(), ...sources]).map((name) =>
        sources.includes(name) ? `source:${name}` : name,
      )
    case 'source':
      return named(value, sources).map((name) => `source:${name}`)
    case 'tag': {
      const tags = project.models.flatMap((model) => model.tags)
      const wanted = named(value, tags)
      return modelNames(project, (model) => model.tags.some((tag) => wanted.includes(tag)))
    }
    case 'path': {
      const folder = value.replace(/^\.\//, '').replace(/\/$/, '')
      const inside = modelNames(
        project,
        (model) => model.file === folder || model.file.startsWith(`${folder}/`),
      )
      if (inside.length > 0) return inside
      throw unknown(
        `No model stands at \`${value}\``,
        value,
        project.models.flatMap((model) => foldersOf(model.file)),
      )
    }
    case 'state':
      named(value, ['changed'])
      return [...changed]
    default:
      throw unknown(`Nothing can be chosen by \`${method}:\``, method, methods)
  }
}

function modelNames(project: SelectableProject, test: (model: ModelNode) => boolean): readonly string[] {
  return project.models.filter(test).map((model) => model.name)
}

/** The names that a name, or a pattern with `*`, stands for. */
function named(pattern: string, names: readonly string[]): readonly string[] {
  const expression = new RegExp(
    `^${pattern
      .split('*')
      .map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
  )
  const matching = [...new Set(names.filter((name) => expression.test(name)))]
  if (matching.length > 0) return matching
  throw unknown(`Nothing is called \`${pattern}\``, pattern, names)
}

function unknown(message: string, name: string, known: readonly string[]): CaudalError {
  const shown = [...new Set(known)].toSorted().slice(0, 12).join(', ')
  return new CaudalError({
    code: 'CAUDAL_SELECT_UNKNOWN',
    message: `--select: ${message}.${suggestion(name, known)} Nothing ran.`,
    hint: `Choose by name, tag:, path:, state:changed or source:. Known: ${shown === '' ? 'none' : shown}.`,
    context: { select: name },
  })
}

function foldersOf(file: string): readonly string[] {
  const parts = file.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function graphOf(project: SelectableProject): Graph {
  const upstream = new Map<string, readonly string[]>()
  for (const { name } of project.sources) upstream.set(`source:${name}`, [])
  for (const { name } of project.pipelines) upstream.set(`pipeline:${name}`, [])
  for (const { name, filledBy } of rawTables(project))
    upstream.set(name, filledBy === undefined ? [] : [filledBy])
  for (const model of project.models) upstream.set(model.name, model.references)
  const downstream = new Map<string, string[]>([...upstream.keys()].map((name) => [name, []]))
  for (const [name, references] of upstream) {
    for (const reference of references) downstream.get(reference)?.push(name)
  }
  return { upstream, downstream }
}

function reach(from: readonly string[], edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting = [...from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const next of edges.get(name) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      waiting.push(next)
    }
  }
  return reached
}
