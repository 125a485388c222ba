import type { TileData } from '@caudal/spec'

/** Whether there is nothing to draw. A number always has something to say: that there is no value. */
export function isEmptyData(data: TileData): boolean {
  switch (data.kind) {
    case 'number':
      return false
    case 'series':
      return data.points.every((point) => point.values.every((value) => value === null))
    case 'categories':
    case 'table':
      return data.rows.length === 0
    case 'funnel':
      return data.steps.every((step) => step.value === null || Number(step.value) === 0)
  }
}
