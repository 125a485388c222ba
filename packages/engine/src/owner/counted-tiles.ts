import type { CountedReaders } from '../load/readers.ts'
import type { TileService } from './service.ts'

/** Answers of dashboards whose askers count as readers from the question to the answer. */
export function countedTiles(tiles: TileService, readers: CountedReaders): TileService {
  return {
    dashboard: (name) => tiles.dashboard(name),
    reads: (dashboard, tile) => tiles.reads(dashboard, tile),
    answer: (...asked) => readers.during(() => tiles.answer(...asked)),
    rows: (...asked) => readers.during(() => tiles.rows(...asked)),
    values: (...asked) => readers.during(() => tiles.values(...asked)),
  }
}
