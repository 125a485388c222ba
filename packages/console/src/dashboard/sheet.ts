import type { Cell, Grain, TileData, TileNode, ValueFormat } from '@caudal/spec'
import { changeOf } from '../charts/change.ts'
import { grainOf } from '../charts/buckets.ts'
import type { Preferences } from '../i18n/preferences.tsx'
import { shareOf } from '../charts/funnel-shape.ts'
import { drawn } from '../charts/series-shape.ts'
import { categoryCell, seriesCell, seriesName, stepCell, valueName } from './marks.ts'
import type { Choice } from './view-edit.ts'

/** One cell of a {@link Sheet}: names filter, numbers lead to their rows. */
export interface SheetCell {
  readonly text: string
  /** By what its column sorts; absent: by the text. No number sorts last. */
  readonly rank?: number | null
  readonly choice?: Choice
  readonly cell?: Cell
}

/** The data of a tile as a table: what "show as table" shows. */
export interface Sheet {
  readonly columns: readonly { readonly label: string; readonly isNumber: boolean }[]
  readonly rows: readonly (readonly SheetCell[])[]
  readonly isCut: boolean
}

/** By what a sheet is sorted. */
export interface Order {
  readonly column: number
  readonly direction: 'ascending' | 'descending'
}

/** The rows in another order; rows without a number stay last. */
export function sortSheet(sheet: Sheet, order: Order): Sheet['rows'] {
  const sign = order.direction === 'ascending' ? 1 : -1
  return sheet.rows.toSorted((rowA, rowB) => {
    const [a, b] = [rowA[order.column], rowB[order.column]]
    if (a === undefined || b === undefined) return 0
    if (a.rank === undefined || b.rank === undefined) return sign * a.text.localeCompare(b.text)
    if (a.rank === null || b.rank === null) return Number(a.rank === null) - Number(b.rank === null)
    return sign * (a.rank - b.rank)
  })
}

/** What texts and numbers of a sheet are written with. */
export type SheetWords = Pick<Preferences, 'text' | 'format' | 'label'>

/** Lays the answer of a tile out as a table. */
export function sheetOf(tile: TileNode, data: TileData, words: SheetWords): Sheet {
  switch (data.kind) {
    case 'number':
      return numberSheet(tile, data, words)
    case 'series':
      return seriesSheet(tile, data, words)
    case 'categories':
      return categorySheet(data, words)
    case 'funnel':
      return funnelSheet(data, words)
    case 'table':
      return tableSheet(tile, data, words)
  }
}

type Kind<K extends TileData['kind']> = Extract<TileData, { kind: K }>

function value(raw: string | null, how: ValueFormat, words: SheetWords, cell?: Cell): SheetCell {
  return {
    text: words.format.value(raw, how),
    rank: drawn(raw) ?? null,
    ...(cell === undefined ? {} : { cell }),
  }
}

function plain(text: string): SheetCell {
  return { text }
}

function bucket(at: string, grain: Grain, words: SheetWords): SheetCell {
  return { text: words.format.bucket(at, grain), rank: Date.parse(at) }
}

function numberSheet(tile: TileNode, data: Kind<'number'>, words: SheetWords): Sheet {
  const grain = grainOf(data.spark.map((point) => point.at))
  return {
    columns: [
      { label: words.text.chart.date, isNumber: false },
      { label: words.label(tile.title), isNumber: true },
    ],
    rows: data.spark.map((point) => [
      bucket(point.at, grain, words),
      value(point.values[0] ?? null, data.format, words),
    ]),
    isCut: false,
  }
}

function seriesSheet(tile: TileNode, data: Kind<'series'>, words: SheetWords): Sheet {
  const names = data.series.map((series) => seriesName(series, tile, words))
  const former = data.previous ?? []
  return {
    columns: [
      { label: words.text.chart.date, isNumber: false },
      ...names.map((label) => ({ label, isNumber: true })),
      ...(former.length === 0
        ? []
        : names.map((name) => ({ label: words.text.chart.previousOf(name), isNumber: true }))),
    ],
    rows: data.points.map((point, index) => [
      bucket(point.at, data.grain, words),
      ...data.series.map((series, at) =>
        value(point.values[at] ?? null, series.format, words, seriesCell(tile, series, at, point.at)),
      ),
      ...(former.length === 0
        ? []
        : data.series.map((series, at) => value(former[index]?.values[at] ?? null, series.format, words))),
    ]),
    isCut: false,
  }
}

function categorySheet(data: Kind<'categories'>, words: SheetWords): Sheet {
  const isCompared = data.rows.some((row) => row.previous !== undefined)
  return {
    columns: [
      { label: words.label(data.dimension.label), isNumber: false },
      ...data.metrics.flatMap((metric) => [
        { label: words.label(metric.label), isNumber: true },
        ...(isCompared ? [{ label: words.text.chart.change, isNumber: true }] : []),
      ]),
    ],
    rows: data.rows.map((row) => [
      {
        ...plain(valueName(row, words)),
        ...(row.isOther === true ? {} : { choice: { dimension: data.dimension.name, value: row.value } }),
      },
      ...data.metrics.flatMap((metric, at) => {
        const raw = row.values[at] ?? null
        const change = changeOf(
          raw,
          row.previous?.[at],
          metric.format,
          metric.direction,
          words.text,
          words.format,
        )
        return [
          value(raw, metric.format, words, categoryCell(data, row, at)),
          ...(isCompared ? [{ text: change.short, rank: change.size }] : []),
        ]
      }),
    ]),
    isCut: false,
  }
}

function funnelSheet(data: Kind<'funnel'>, words: SheetWords): Sheet {
  const { chart } = words.text
  const share = (part: number | undefined): SheetCell => ({
    text: part === undefined ? '' : words.format.percent(part),
    rank: part ?? null,
  })
  return {
    columns: [
      { label: chart.step, isNumber: false },
      { label: chart.value, isNumber: true },
      { label: chart.shareOfPrevious, isNumber: true },
      { label: chart.shareOfFirst, isNumber: true },
    ],
    rows: data.steps.map((step, index) => [
      plain(words.label(step.label)),
      value(step.value, data.format, words, stepCell(step)),
      share(shareOf(data.steps, index, index - 1)),
      share(index === 0 ? undefined : shareOf(data.steps, index, 0)),
    ]),
    isCut: false,
  }
}

function tableSheet(tile: TileNode, data: Kind<'table'>, words: SheetWords): Sheet {
  const by = tile.kind === 'table' ? tile.by : []
  const keys = data.columns.map((column) => column.key)
  return {
    columns: data.columns.map((column) => ({
      label: words.label(column.label),
      isNumber: column.format !== undefined,
    })),
    rows: data.rows.map((row) => {
      const at = Object.fromEntries(by.map((name) => [name, textOrNull(row[keys.indexOf(name)])]))
      return data.columns.map((column, index) => {
        const raw = textOrNull(row[index])
        if (column.format !== undefined) return value(raw, column.format, words, { metric: column.key, at })
        const shown = { ...plain(raw === null ? words.text.app.noValue : raw) }
        return by.includes(column.key) ? { ...shown, choice: { dimension: column.key, value: raw } } : shown
      })
    }),
    isCut: data.isCut,
  }
}

function textOrNull(raw: unknown): string | null {
  if (raw === null || raw === undefined) return null
  return typeof raw === 'object' ? JSON.stringify(raw) : String(raw)
}
