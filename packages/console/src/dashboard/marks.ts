import type { Cell, TileData, TileNode } from '@caudal/spec'
import type { Preferences } from '../i18n/preferences.tsx'

type Series = Extract<TileData, { kind: 'series' }>['series'][number]
type Categories = Extract<TileData, { kind: 'categories' }>
type Step = Extract<TileData, { kind: 'funnel' }>['steps'][number]
type Words = Pick<Preferences, 'text' | 'label'>

/** The name of a value of a dimension, `other` and "no value" included. */
export function valueName(
  row: { readonly value?: string | null; readonly isOther?: boolean },
  words: Words,
): string {
  if (row.isOther === true) return words.text.app.other
  return row.value === null || row.value === undefined || row.value === ''
    ? words.text.app.noValue
    : row.value
}

/** The name of a series: its metric's label, or its value of the dimension. */
export function seriesName(series: Series, tile: TileNode, words: Words): string {
  if (series.label !== undefined) return words.label(series.label)
  return 'value' in series || series.isOther === true ? valueName(series, words) : words.label(tile.title)
}

/** The cell behind a value of a series; none for "other". */
export function seriesCell(tile: TileNode, series: Series, index: number, time: string): Cell | undefined {
  if (series.isOther === true) return undefined
  if (tile.kind === 'bar') return { metric: tile.metric, at: { time } }
  if (tile.kind !== 'line') return undefined
  const metric = tile.metrics[tile.by === undefined ? index : 0]
  if (metric === undefined) return undefined
  return { metric, at: { time, ...(tile.by === undefined ? {} : { [tile.by]: series.value ?? null }) } }
}

/** The cell behind a value of a category; none for "other". */
export function categoryCell(
  data: Categories,
  row: Categories['rows'][number],
  index: number,
): Cell | undefined {
  const metric = data.metrics[index]
  if (metric === undefined || row.isOther === true) return undefined
  return { metric: metric.name, at: { [data.dimension.name]: row.value } }
}

/** The cell behind a step of a funnel. */
export function stepCell(step: Step): Cell {
  return { metric: step.metric, at: {} }
}
