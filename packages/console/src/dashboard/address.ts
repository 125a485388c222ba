import { formatCell, formatView, parseCell, type Cell, type ViewState } from '@caudal/spec'

/** What the address of a dashboard holds beside its view. */
export interface PageState {
  /** The rows that are shown beside the dashboard. */
  readonly drill?: { readonly tile: string; readonly cell: Cell }
  /** Tiles shown as tables. */
  readonly tables: readonly string[]
}

/** Reads the page's part of the address; a drill that cannot be read is none. */
export function parsePage(parameters: URLSearchParams): PageState {
  const tile = parameters.get('drill')
  const cell = tile === null ? undefined : cellIn(parameters)
  return {
    ...(tile === null || cell === undefined ? {} : { drill: { tile, cell } }),
    tables: parameters.getAll('table'),
  }
}

/** Writes view and page as one address, view first; what equals the defaults is left out. */
export function formatAddress(view: ViewState, page: PageState, defaults: ViewState): URLSearchParams {
  const parameters = formatView(view, defaults)
  for (const tile of page.tables) parameters.append('table', tile)
  if (page.drill !== undefined) {
    parameters.append('drill', page.drill.tile)
    for (const [name, value] of formatCell(page.drill.cell)) parameters.append(name, value)
  }
  return parameters
}

function cellIn(parameters: URLSearchParams): Cell | undefined {
  try {
    return parseCell(parameters)
  } catch {
    return undefined
  }
}
