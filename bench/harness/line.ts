import type { Line } from './benchmark.ts'
import { formatValue, series, type Series, type Unit } from './series.ts'

/** A line whose median lies below a limit, with more that was measured beside it. */
export function below(
  work: string,
  samples: readonly number[],
  limit: number,
  unit: Unit = 's',
  more: Readonly<Record<string, Series>> = {},
): Line {
  const measured = series(unit, samples)
  return {
    work,
    reach: `< ${limit} ${unit}`,
    figure: formatValue(measured.median, unit),
    isReached: measured.median < limit,
    series: { caudal: measured, ...more },
  }
}
