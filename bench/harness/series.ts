/** What samples are counted in. */
export type Unit = 's' | 'ms' | 'MB' | 'rows/s' | '×'

/** Measurements of one thing in the order they were taken. */
export interface Series {
  readonly unit: Unit
  readonly samples: readonly number[]
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Sums samples up. */
export function series(unit: Unit, samples: readonly number[]): Series {
  return {
    unit,
    samples,
    median: quantile(samples, 0.5),
    min: Math.min(...samples),
    max: Math.max(...samples),
  }
}

/** The value below which a share of the samples lies, between neighbours by proportion. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

/** `0.482 s`, `81 ms`, `320,511 rows/s`. */
export function formatValue(value: number, unit: Unit): string {
  const digits = unit === 's' || unit === '×' ? 2 : 0
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${text} ${unit}`
}
