import type { Label, TileData, TileNode } from '@caudal/spec'
import { numberCell, textCell, type CsvCell, type CsvTable } from './csv.ts'

/** Languages of headers. */
export type Language = keyof Label

const words = {
  previous: { en: 'previous', es: 'anterior' },
  time: { en: 'Time', es: 'Tiempo' },
  step: { en: 'Step', es: 'Paso' },
  value: { en: 'Value', es: 'Valor' },
  other: { en: 'Other', es: 'Otros' },
  noValue: { en: '(no value)', es: '(sin valor)' },
} as const satisfies Record<string, Label>

/** What a tile shows as a table: the numbers unrounded, the comparison beside them when there is one. */
export function tileTable(tile: TileNode, data: TileData, language: Language): CsvTable {
  const previous = (label: string): string => `${label} (${words.previous[language]})`
  switch (data.kind) {
    case 'number': {
      const title = tile.title[language]
      return data.previous === undefined
        ? { header: [title], rows: [[numberCell(data.value)]] }
        : { header: [title, previous(title)], rows: [[numberCell(data.value), numberCell(data.previous)]] }
    }
    case 'series':
      return seriesTable(data, language, previous)
    case 'categories':
      return categoriesTable(data, language, previous)
    case 'funnel': {
      const hasPrevious = data.steps.some((step) => step.previous !== undefined)
      const value = words.value[language]
      return {
        header: [words.step[language], value, ...(hasPrevious ? [previous(value)] : [])],
        rows: data.steps.map((step) => [
          textCell(step.label[language]),
          numberCell(step.value),
          ...(hasPrevious ? [numberCell(step.previous ?? null)] : []),
        ]),
      }
    }
    case 'table':
      return {
        header: data.columns.map((column) => column.label[language]),
        rows: data.rows.map((row) =>
          row.map((value, index) =>
            data.columns[index]?.format === undefined ? textCell(value) : numberCell(value),
          ),
        ),
      }
  }
}

type Previous = (label: string) => string

function seriesTable(
  data: Extract<TileData, { kind: 'series' }>,
  language: Language,
  previous: Previous,
): CsvTable {
  const labels = data.series.map((series) =>
    series.isOther === true
      ? words.other[language]
      : (series.label?.[language] ?? series.value ?? words.noValue[language]),
  )
  return {
    header: [words.time[language], ...labels, ...(data.previous === undefined ? [] : labels.map(previous))],
    rows: data.points.map((point, index) => [
      textCell(point.at),
      ...point.values.map(numberCell),
      ...(data.previous === undefined
        ? []
        : labels.map((_, series) => numberCell(data.previous?.[index]?.values[series] ?? null))),
    ]),
  }
}

function categoriesTable(
  data: Extract<TileData, { kind: 'categories' }>,
  language: Language,
  previous: Previous,
): CsvTable {
  const labels = data.metrics.map((metric) => metric.label[language])
  const hasPrevious = data.rows.some((row) => row.previous !== undefined)
  const name = (value: string | null, isOther: boolean | undefined): CsvCell =>
    textCell(isOther === true ? words.other[language] : (value ?? words.noValue[language]))
  return {
    header: [data.dimension.label[language], ...labels, ...(hasPrevious ? labels.map(previous) : [])],
    rows: data.rows.map((row) => [
      name(row.value, row.isOther),
      ...row.values.map(numberCell),
      ...(hasPrevious ? labels.map((_, metric) => numberCell(row.previous?.[metric] ?? null)) : []),
    ]),
  }
}
