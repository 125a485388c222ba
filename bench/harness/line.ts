import type { Line } from './benchmark.ts'
import { formatValue, series, type Unit } from './series.ts'

/** A line whose median lies below a limit. */
export function below(work: string, samples: readonly number[], limit: number, unit: Unit = 's'): Line {
  const measured = series(unit, samples)
  return {
    work,
    reach: `< ${limit} ${unit}`,
    figure: formatValue(measured.median, unit),
    isReached: measured.median < limit,
    series: { caudal: measured },
  }
}
