/** Where the keyboard stands in a chart: a value of a series. */
export interface Position {
  readonly index: number
  readonly series: number
}

/** The size of what is walked. `isVertical`: values follow each other downwards (bars, funnel), else to the right. */
export interface Extent {
  readonly indexes: number
  readonly series: number
  readonly isVertical: boolean
}

/**
 * The position after a key; `undefined` for a key that does not move. Along the axis: arrows by one, Page keys by a tenth, Home and End;
 * across it: the other series, around the end.
 */
export function walk(from: Position, key: string, extent: Extent): Position | undefined {
  const [back, forth] = extent.isVertical ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
  const [across, acrossBack] = extent.isVertical ? ['ArrowRight', 'ArrowLeft'] : ['ArrowUp', 'ArrowDown']
  const leap = Math.max(2, Math.round(extent.indexes / 10))
  const steps: Readonly<Record<string, number>> = {
    [back ?? '']: -1,
    [forth ?? '']: 1,
    PageUp: -leap,
    PageDown: leap,
    Home: -extent.indexes,
    End: extent.indexes,
  }
  const step = steps[key]
  if (step !== undefined) return { ...from, index: clamp(from.index + step, extent.indexes) }
  const turn = key === across ? 1 : key === acrossBack ? -1 : undefined
  if (turn === undefined) return undefined
  return { ...from, series: (from.series + turn + extent.series) % extent.series }
}

/** The position inside the extent, after data changed. */
export function inside(position: Position, extent: Extent): Position {
  return { index: clamp(position.index, extent.indexes), series: clamp(position.series, extent.series) }
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value))
}
