import { CaudalError } from './errors.ts'

/** Which cell of a tile is asked about. */
export interface Cell {
  readonly metric: string
  /** Dimension → value of the cell; of a time bucket under the key `time` (its `at`). */
  readonly at: Readonly<Record<string, string | null>>
}

const atPrefix = 'at.'
const noValue = '~'

/**
 * Reads a cell from a query string: `metric`, and `at.<dimension>` once per dimension, where `~` alone is "no value" and a value that
 * begins with `~` carries one more. Parameters of other names (those of the view) are left alone.
 * @throws CaudalError `CAUDAL_CELL_INVALID` without a metric or with a dimension twice.
 */
export function parseCell(parameters: URLSearchParams): Cell {
  const metric = parameters.get('metric')
  if (metric === null || metric === '') {
    throw invalid('The address names no metric.', 'Add metric=<name> to the address.')
  }
  const at = new Map<string, string | null>()
  for (const [name, text] of parameters) {
    if (!name.startsWith(atPrefix)) continue
    const dimension = name.slice(atPrefix.length)
    if (at.has(dimension)) {
      throw invalid(
        `The address gives ${name} twice; a cell has one value per dimension.`,
        `Keep one ${name}.`,
      )
    }
    at.set(dimension, text === noValue ? null : text.startsWith(noValue) ? text.slice(1) : text)
  }
  return { metric, at: Object.fromEntries(at) }
}

/** Writes a cell as a query string, the inverse of {@link parseCell}. */
export function formatCell(cell: Cell): URLSearchParams {
  const parameters = new URLSearchParams({ metric: cell.metric })
  for (const dimension of Object.keys(cell.at).toSorted()) {
    const value = cell.at[dimension] ?? null
    const text = value === null ? noValue : value.startsWith(noValue) ? noValue + value : value
    parameters.append(atPrefix + dimension, text)
  }
  return parameters
}

function invalid(message: string, hint: string): CaudalError {
  return new CaudalError({ code: 'CAUDAL_CELL_INVALID', message, hint })
}
