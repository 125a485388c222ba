import type { CheckNode } from './check.ts'
import type { ColumnKind } from './column.ts'
import type { Comparison, DashboardNode, DateRange, Grain, TileNode } from './dashboard.ts'
import type { ExternalTableNode, ModelNode, ModelTestNode, RunHistorySettings } from './manifest.ts'
import type { DimensionNode, Label, MetricNode } from './metric.ts'
import type { PipelineDeclaration } from './pipeline.ts'
import type { AdapterReference, SecretReference } from './reference.ts'
import type { SourceDefinition } from './source.ts'

/**
 * What the modules of a project export, as plain data told apart by `kind`. The project loader turns declarations into the nodes of the
 * manifest: it fills absent names with the name of the export and makes `place` (absolute path and line) relative to the project.
 */
export type Declaration =
  | SourceDefinition
  | TableDeclaration
  | ModelDeclaration
  | ModelTestDeclaration
  | CheckDeclaration
  | PipelineDeclaration
  | MetricDeclaration
  | DashboardDeclaration

/** The kinds of {@link Declaration}. An export of another kind is not the loader's. */
export const declarationKinds: readonly Declaration['kind'][] = [
  'source',
  'external table',
  'model',
  'model test',
  'check',
  'pipeline',
  'metric',
  'dashboard',
]

/** Whether an export of a module is a {@link Declaration}. */
export function isDeclaration(value: unknown): value is Declaration {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    declarationKinds.some((kind) => kind === value.kind)
  )
}

/** Contributions of an installed package: the loader treats them as exports of a module of the project, by their keys. */
export interface PackDeclaration {
  readonly kind: 'pack'
  readonly name: string
  readonly declarations: Readonly<Record<string, Declaration>>
  readonly place: string
}

/** The default export of `caudal.config.ts`. */
export interface ProjectDeclaration {
  readonly kind: 'project'
  readonly name: string
  readonly targets: Readonly<
    Record<
      string,
      {
        readonly warehouse: AdapterReference
        readonly lake: AdapterReference
        readonly log?: AdapterReference
      }
    >
  >
  readonly defaultTarget: string
  readonly timeZone: string
  readonly locale: string
  readonly currency: string
  readonly alertWebhook?: SecretReference | string
  readonly runHistory?: RunHistorySettings
  readonly packs: readonly PackDeclaration[]
  readonly place: string
}

/** A table that others load. */
export interface TableDeclaration extends ExternalTableNode {
  readonly kind: 'external table'
  readonly checks: readonly CheckNode[]
}

/** A model whose SQL the project computes. `file` is the module of `place`; references and fingerprint come from parsing. */
export interface ModelDeclaration extends Omit<
  ModelNode,
  'file' | 'references' | 'columns' | 'uses' | 'fingerprint'
> {
  readonly kind: 'model'
  readonly checks: readonly CheckNode[]
  readonly place: string
}

/** Given and expected rows of a model. */
export interface ModelTestDeclaration extends Omit<ModelTestNode, 'name'> {
  readonly kind: 'model test'
  readonly name?: string
}

/** A check on a table or model. */
export interface CheckDeclaration extends CheckNode {
  readonly kind: 'check'
}

/** A metric. `Dimension`: the names of its dimensions, for the compiler alone. */
export interface MetricDeclaration<Dimension extends string = string> extends Omit<
  MetricNode,
  'name' | 'label' | 'dimensions'
> {
  readonly kind: 'metric'
  readonly name?: string
  readonly label?: Label
  readonly dimensions: readonly (DimensionNode & { readonly name: Dimension })[]
}

/** A tile: its metrics as declarations, in the order of the tile's own `metric`, `metrics` or `steps`. */
export interface TileDeclaration<Dimension extends string = string> {
  readonly kind: TileNode['kind']
  readonly metrics: readonly MetricDeclaration<Dimension>[]
  readonly by: readonly Dimension[]
  readonly id?: string
  readonly title?: Label
  readonly description?: Label
  readonly width?: number
  readonly grain?: Grain
  readonly top?: number
}

/** A dashboard. */
export interface DashboardDeclaration {
  readonly kind: 'dashboard'
  readonly name?: string
  readonly title?: Label
  readonly description?: Label
  readonly filters: readonly string[]
  readonly range: DateRange
  readonly comparison: Comparison
  readonly rows: readonly (readonly TileDeclaration[])[]
  readonly place: string
}

/** The metric under its name. A missing label is made of the name: `wonRevenue` → "Won revenue". */
export function toMetricNode(declaration: MetricDeclaration, name: string): MetricNode {
  const { kind: _kind, label, ...node } = declaration
  return { ...node, name, label: label ?? labelOf(name) }
}

/**
 * The dashboard under its name.
 * @param nameOf the name under which a metric was found; `undefined` for one that no module exports: such metrics are left to the caller,
 * who sees `''` in their place.
 */
export function toDashboardNode(
  declaration: DashboardDeclaration,
  name: string,
  nameOf: (metric: MetricDeclaration) => string | undefined,
): DashboardNode {
  const { kind: _kind, title, rows, ...node } = declaration
  const ids = new Set<string>()
  const tiles = rows.map((row) =>
    row.map((tile) => toTileNode(tile, Math.max(1, Math.floor(12 / row.length)), ids, nameOf)),
  )
  return { ...node, name, title: title ?? labelOf(name), rows: tiles }
}

function toTileNode(
  tile: TileDeclaration,
  width: number,
  ids: Set<string>,
  nameOf: (metric: MetricDeclaration) => string | undefined,
): TileNode {
  const metrics = tile.metrics.map((metric) => nameOf(metric) ?? '')
  const base = {
    id: uniqueId(tile.id ?? [tile.kind, ...metrics.slice(0, 1), ...tile.by].join('_'), ids),
    title: tile.title ?? tile.metrics[0]?.label ?? labelOf(metrics[0] ?? tile.kind),
    ...(tile.description === undefined ? {} : { description: tile.description }),
    width: tile.width ?? width,
  }
  const [by] = tile.by
  const split = {
    ...(tile.grain === undefined ? {} : { grain: tile.grain }),
    ...(by === undefined ? {} : { by }),
    ...(tile.top === undefined ? {} : { top: tile.top }),
  }
  if (tile.kind === 'number') return { ...base, kind: 'number', metric: metrics[0] ?? '' }
  if (tile.kind === 'line') return { ...base, kind: 'line', metrics, ...split }
  if (tile.kind === 'bar') return { ...base, kind: 'bar', metric: metrics[0] ?? '', ...split }
  if (tile.kind === 'funnel') return { ...base, kind: 'funnel', steps: metrics }
  if (tile.kind === 'leaderboard') {
    return { ...base, kind: 'leaderboard', metrics, by: by ?? '', top: tile.top ?? 10 }
  }
  return { ...base, kind: 'table', metrics, by: tile.by, top: tile.top ?? 100 }
}

function uniqueId(id: string, taken: Set<string>): string {
  let unique = id
  for (let count = 2; taken.has(unique); count++) unique = `${id}_${count}`
  taken.add(unique)
  return unique
}

/** A label made of a name, the same in each language: `won_revenue` and `wonRevenue` → "Won revenue". */
export function labelOf(name: string): Label {
  const words = name.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').replace(/[_\s]+/g, ' ')
  const text = (words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()).trim()
  return { en: text, es: text }
}

/** The TypeScript type that generated code gives a column of each kind; the named ones are exported by `@caudal/authoring`. */
export const typeScriptTypes: Readonly<Record<ColumnKind, string>> = {
  text: 'string',
  boolean: 'boolean',
  integer: 'Integer',
  decimal: 'Decimal',
  double: 'number',
  date: 'LocalDate',
  time: 'LocalTime',
  timestamp: 'Timestamp',
  timestamptz: 'Instant',
  json: 'JsonValue',
  bytes: 'Uint8Array',
}
