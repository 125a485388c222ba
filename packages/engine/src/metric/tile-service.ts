import {
  CaudalError,
  suggestion,
  toErrorReport,
  type ColumnChunk,
  type DashboardAnswer,
  type DashboardNode,
  type DimensionNode,
  type DimensionValues,
  type JsonValue,
  type Manifest,
  type MetricNode,
  type RowsAnswer,
  type TileAnswer,
  type TileData,
  type TileNode,
  type Viewer,
  type ViewState,
  type Warehouse,
} from '@caudal/spec'
import type { TileCell, TileService } from '../owner/service.ts'
import { AnswerCache } from './answer-cache.ts'
import { compileRows } from './compile-rows.ts'
import { compileTile, tileMetrics, type CompiledQuery } from './compile-tile.ts'
import { compileValues, valuesMax } from './compile-values.ts'
import type { Catalogue, MetricContext } from './context.ts'
import { tilesRead, withViewSources } from './tables-read.ts'

/** Table → the ledger sequence number that touched it last. */
export type TableVersions = Readonly<Record<string, number>>

/** What a tile service stands on. */
export interface TileServiceOptions {
  /** The project as it is loaded now. */
  readonly manifest: () => Manifest
  readonly warehouse: Pick<Warehouse, 'query' | 'introspect' | 'capabilities'>
  readonly versions: () => TableVersions | Promise<TableVersions>
  /** Default: the clock. */
  readonly now?: () => Date
}

/** How long an answer over a table that others load, which has no version, is kept. */
const unversionedMs = 60_000

interface KeptTile {
  readonly data: TileData
  readonly asOf: string
}

/**
 * Answers of dashboards. An answer is kept and shared by compiled SQL (which holds the row rules), parameters and versions of the tables read,
 * never by tile: two viewers with the same rules share it, and a commit to another table leaves it alone.
 */
export function createTileService(options: TileServiceOptions): TileService {
  return new WarehouseTileService(options)
}

class WarehouseTileService implements TileService {
  readonly #options: TileServiceOptions
  readonly #tiles = new AnswerCache<KeptTile>()
  readonly #values = new AnswerCache<Omit<DimensionValues, 'dimension'>>(100)
  readonly #catalogues = new AnswerCache<Catalogue>(1)

  constructor(options: TileServiceOptions) {
    this.#options = options
  }

  dashboard(name: string): DashboardAnswer {
    const manifest = this.#options.manifest()
    const dashboard = findDashboard(manifest, name)
    const dimensions = new Map<string, DimensionNode>()
    for (const metric of dashboardMetrics(manifest, dashboard)) {
      for (const dimension of metric.dimensions) {
        if (!dimensions.has(dimension.name)) dimensions.set(dimension.name, dimension)
      }
    }
    const { timeZone, locale, currency } = manifest
    return {
      dashboard,
      dimensions: [...dimensions.values()],
      unreached: unreachedTiles(manifest, dashboard, [...dimensions.keys()]),
      timeZone,
      locale,
      currency,
    }
  }

  async answer(
    dashboard: string,
    tile: string,
    view: ViewState,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<TileAnswer> {
    const node = findTile(this.#options.manifest(), dashboard, tile)
    try {
      const { context, versions } = await this.#context(view, viewer, signal)
      const compiled = compileTile(node, context)
      const kept = await this.#tiles.get(this.#key(compiled, versions), signal, async (shared) => {
        const chunks = await this.#run(compiled, shared)
        return { data: compiled.shape(chunks), asOf: context.now.toISOString() }
      })
      const sequence = this.#sequence(compiled, versions)
      return { tile, state: 'ready', ...kept, sequence, sql: compiled.sql }
    } catch (error) {
      signal.throwIfAborted()
      return { tile, state: 'error', error: toErrorReport(error) }
    }
  }

  reads(dashboard: string, tile: string): readonly string[] {
    const manifest = this.#options.manifest()
    return tilesRead(findTile(manifest, dashboard, tile), manifest)
  }

  async rows(
    dashboard: string,
    tile: string,
    view: ViewState,
    cell: TileCell,
    viewer: Viewer,
    limit: number,
    signal: AbortSignal,
  ): Promise<RowsAnswer> {
    const node = findTile(this.#options.manifest(), dashboard, tile)
    const { context } = await this.#context(view, viewer, signal)
    const chunks = await this.#run(compileRows(node, cell, limit, context), signal)
    const rows = chunks.flatMap((chunk) =>
      Array.from({ length: chunk.rows }, (_, row): JsonValue[] =>
        chunk.values.map((column) => column[row] ?? null),
      ),
    )
    return {
      columns: chunks[0]?.columns ?? [],
      rows: rows.slice(0, limit),
      isCut: rows.length > limit,
    }
  }

  async values(
    dashboard: string,
    dimension: string,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<DimensionValues> {
    const manifest = this.#options.manifest()
    const metrics = dashboardMetrics(manifest, findDashboard(manifest, dashboard))
    const view = { range: 'all time', comparison: 'none', filters: {}, timeZone: 'UTC' } as const
    const { context, versions } = await this.#context(view, viewer, signal)
    const compiled = compileValues(dimension, metrics, context)
    const kept = await this.#values.get(this.#key(compiled, versions), signal, async (shared) => {
      const chunks = await this.#run(compiled, shared)
      const values = chunks
        .flatMap((chunk) => chunk.values[0] ?? [])
        .map((value) => (typeof value === 'string' ? value : null))
      return { values: values.slice(0, valuesMax), isCut: values.length > valuesMax }
    })
    return { dimension, ...kept }
  }

  async #context(
    view: ViewState,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<{ readonly context: MetricContext; readonly versions: TableVersions }> {
    const { warehouse, manifest } = this.#options
    const versions = await this.#options.versions()
    const now = this.#options.now?.() ?? new Date()
    const state = [Math.max(0, ...Object.values(versions)), minuteOf(now)].join('|')
    const catalogue = await this.#catalogues.get(state, signal, async () => {
      const relations = await warehouse.introspect()
      const columns = new Map(
        relations.map(({ table, columns: found }) => [`${table.schema}.${table.name}`, found]),
      )
      return (table) => columns.get(table)
    })
    const { metrics } = manifest()
    const { dialect } = warehouse.capabilities
    return { context: { metrics, catalogue, dialect, view, viewer, now }, versions }
  }

  async #run(compiled: CompiledQuery, signal: AbortSignal): Promise<readonly ColumnChunk[]> {
    const chunks: ColumnChunk[] = []
    const answer = this.#options.warehouse.query(compiled.sql, compiled.parameters, signal)
    for await (const chunk of answer) chunks.push(chunk)
    return chunks
  }

  /** Tables that others load have no version: their answers are good for a minute. */
  #key(compiled: CompiledQuery, versions: TableVersions): string {
    const tables = withViewSources(compiled.tables, this.#options.manifest())
    const now = this.#options.now?.() ?? new Date()
    const states = tables.map((table) => [table, versions[table] ?? `minute ${minuteOf(now)}`])
    return JSON.stringify([compiled.sql, compiled.parameters, states])
  }

  #sequence(compiled: CompiledQuery, versions: TableVersions): number {
    const tables = withViewSources(compiled.tables, this.#options.manifest())
    return Math.max(0, ...tables.map((table) => versions[table] ?? 0))
  }
}

function minuteOf(now: Date): number {
  return Math.floor(now.getTime() / unversionedMs)
}

function dashboardMetrics(manifest: Manifest, dashboard: DashboardNode): readonly MetricNode[] {
  const names = new Set(dashboard.rows.flat().flatMap((tile) => tileMetrics(tile)))
  return manifest.metrics.filter((metric) => names.has(metric.name))
}

function unreachedTiles(
  manifest: Manifest,
  dashboard: DashboardNode,
  dimensions: readonly string[],
): DashboardAnswer['unreached'] {
  const tiles = dashboard.rows.flat().map((tile) => {
    const names = new Set(tileMetrics(tile))
    const metrics = manifest.metrics.filter((metric) => names.has(metric.name))
    const lacks = (name: string) => (metric: MetricNode) =>
      !metric.dimensions.some((own) => own.name === name)
    return [tile.id, dimensions.filter((name) => metrics.some(lacks(name)))] as const
  })
  return Object.fromEntries(tiles.filter(([, missing]) => missing.length > 0))
}

function findDashboard(manifest: Manifest, name: string): DashboardNode {
  const dashboard = manifest.dashboards.find((candidate) => candidate.name === name)
  if (dashboard !== undefined) return dashboard
  const known = manifest.dashboards.map((candidate) => candidate.name)
  throw new CaudalError({
    code: 'CAUDAL_DASHBOARD_UNKNOWN',
    message: `There is no dashboard \`${name}\`; there is ${known.join(', ') || 'none'}.${suggestion(name, known)}`,
    hint: 'Export it from a module in dashboards/.',
    context: { dashboard: name },
  })
}

function findTile(manifest: Manifest, dashboard: string, id: string): TileNode {
  const tiles = findDashboard(manifest, dashboard).rows.flat()
  const tile = tiles.find((candidate) => candidate.id === id)
  if (tile !== undefined) return tile
  const known = tiles.map((candidate) => candidate.id)
  throw new CaudalError({
    code: 'CAUDAL_DASHBOARD_TILE_UNKNOWN',
    message: `The dashboard \`${dashboard}\` has no tile \`${id}\`; it has ${known.join(', ') || 'none'}.${suggestion(id, known)}`,
    hint: 'Reload the page: the dashboard may have changed.',
    context: { dashboard, tile: id },
  })
}
