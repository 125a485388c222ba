import type { ErrorReport, Manifest, Warehouse } from '@caudal/spec'
import { createTileService } from '../metric/tile-service.ts'

/** Tiles whose query does not run on the empty tables of the project: a filter that is no SQL, a text that is summed, an unknown dimension. */
export async function tileProblems(
  manifest: Manifest,
  scratch: Pick<Warehouse, 'query' | 'introspect' | 'capabilities'>,
  signal: AbortSignal,
): Promise<readonly ErrorReport[]> {
  const service = createTileService({ manifest: () => manifest, warehouse: scratch, versions: () => ({}) })
  const problems: ErrorReport[] = []
  for (const { name, range, comparison, rows, place } of manifest.dashboards) {
    const view = { range, comparison, filters: {}, timeZone: manifest.timeZone }
    for (const tile of rows.flat()) {
      const answer = await service.answer(name, tile.id, view, { id: 'verify', rules: {} }, signal)
      if (answer.state !== 'error') continue
      const [reason = ''] = answer.error.message.split('\n')
      problems.push({
        code: 'CAUDAL_TILE_REFUSED',
        message: `${place}: tile \`${tile.title.en}\` of dashboard \`${name}\` cannot be computed: ${reason}`,
        hint: 'Correct the column, filter or dimension of its metric; types come from the recorded schemas (caudal typegen).',
        retryable: false,
        context: { dashboard: name, tile: tile.id, reason: answer.error.code },
      })
    }
  }
  return problems
}
