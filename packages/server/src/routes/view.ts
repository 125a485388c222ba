import type { OwnerService } from '@caudal/engine'
import { CaudalError, parseView, suggestion, type TileNode, type ViewState } from '@caudal/spec'

/** The view that a query string asks for, on the dashboard's defaults. */
export function viewOf(service: OwnerService, dashboard: string, parameters: URLSearchParams): ViewState {
  const { dashboard: node, timeZone } = service.tiles.dashboard(dashboard)
  return parseView(parameters, { range: node.range, comparison: node.comparison, filters: {}, timeZone })
}

/** The tile as declared. @throws CaudalError `CAUDAL_TILE_UNKNOWN`. */
export function tileOf(service: OwnerService, dashboard: string, tile: string): TileNode {
  const tiles = service.tiles.dashboard(dashboard).dashboard.rows.flat()
  const found = tiles.find((known) => known.id === tile)
  if (found !== undefined) return found
  const ids = tiles.map((known) => known.id)
  throw new CaudalError({
    code: 'CAUDAL_TILE_UNKNOWN',
    message: `The dashboard \`${dashboard}\` has no tile \`${tile}\`.${suggestion(tile, ids)}`,
    hint: `Its tiles are: ${ids.join(', ')}.`,
    context: { dashboard, tile },
  })
}
