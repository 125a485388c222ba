import type { CheckNode, Manifest, MetricNode, TileNode } from '@caudal/spec'
import { tileMetrics } from './compile-tile.ts'

/**
 * Tables and models whose change makes a tile stale: what its metrics read and join, and what lies behind those that are views,
 * since a view changes when the tables under it do.
 */
export function tilesRead(tile: TileNode, manifest: Pick<Manifest, 'metrics' | 'models'>): readonly string[] {
  const names = new Set(tileMetrics(tile))
  const tables = manifest.metrics.flatMap((metric) =>
    names.has(metric.name) ? [metric.from, ...metric.joins.map((join) => join.to)] : [],
  )
  return withViewSources(tables, manifest)
}

/** The tables themselves and, of views among them, all that they are made of, each once. */
export function withViewSources(
  tables: readonly string[],
  manifest: Pick<Manifest, 'models'>,
): readonly string[] {
  const views = new Map(
    manifest.models
      .filter((model) => model.materialization === 'view')
      .map((model) => [model.name, model.references]),
  )
  const found = new Set(tables)
  for (const table of found) for (const source of views.get(table) ?? []) found.add(source)
  return [...found]
}

/**
 * What has to hold so that a metric counts nothing twice: the columns that its joins meet are unique there. Metrics that share a join yield
 * checks of the same name.
 */
export function joinChecks(metric: MetricNode): readonly CheckNode[] {
  return metric.joins.map((join) => {
    const columns = Object.values(join.on)
    return {
      name: `${join.to}: ${columns.join(', ')} unique`,
      table: join.to,
      rule: { kind: 'unique', columns },
      severity: 'error',
      place: metric.place,
    }
  })
}
