import type { Cell, TileData, TileNode } from '@caudal/spec'
import type { ReactNode } from 'react'
import { BarChart } from '../charts/bar-chart.tsx'
import { isOpenBucket } from '../charts/buckets.ts'
import { changeOf, type Direction } from '../charts/change.ts'
import { ColumnChart } from '../charts/column-chart.tsx'
import { FunnelChart } from '../charts/funnel-chart.tsx'
import { LineChart } from '../charts/line-chart.tsx'
import { drawn } from '../charts/series-shape.ts'
import type { Slot } from '../charts/series-mark.tsx'
import type { TimeData } from '../charts/time-words.ts'
import type { ValueFormat } from '@caudal/spec'
import type { Position } from '../charts/walk.ts'
import { usePreferences, type Preferences } from '../i18n/preferences.tsx'
import { useControls } from './controls.tsx'
import { Leaderboard } from './leaderboard.tsx'
import { categoryCell, seriesCell, seriesName, stepCell, valueName } from './marks.ts'
import { NumberBody } from './number-body.tsx'
import { SeriesLegend } from './series-legend.tsx'
import { SheetTable } from './sheet-table.tsx'
import { sheetOf } from './sheet.ts'
import { isChosen } from './view-edit.ts'

const chartHeight = 240

type Kind<K extends TileData['kind']> = Extract<TileData, { kind: K }>

/** The answer of a tile as it is drawn. */
export function TileBody(props: {
  readonly tile: TileNode
  readonly data: TileData
  readonly asOf: string
}): ReactNode {
  const preferences = usePreferences()
  const { tile, data, asOf } = props
  switch (data.kind) {
    case 'number':
      return <NumberBody tile={tile} data={data} asOf={asOf} />
    case 'series':
      return <SeriesBody tile={tile} data={data} asOf={asOf} />
    case 'categories':
      return tile.kind === 'leaderboard' ? (
        <Leaderboard tile={tile} data={data} />
      ) : (
        <CategoriesBody tile={tile} data={data} />
      )
    case 'funnel':
      return <FunnelBody tile={tile} data={data} />
    case 'table':
      return <SheetTable tile={tile} sheet={sheetOf(tile, data, preferences)} />
  }
}

function SeriesBody(props: {
  readonly tile: TileNode
  readonly data: Kind<'series'>
  readonly asOf: string
}): ReactNode {
  const preferences = usePreferences()
  const { drill, view } = useControls()
  const { tile, data } = props
  const last = data.points.at(-1)
  const time: TimeData = {
    grain: data.grain,
    points: data.points,
    previous: data.series.length === 1 ? (data.previous ?? []) : [],
    series: data.series.map((series, index) => ({
      name: seriesName(series, tile, preferences),
      format: series.format,
      slot: slotOf(series.isOther === true, index),
    })),
    isLastOpen: last !== undefined && isOpenBucket(last.at, data.grain, props.asOf, view.timeZone),
  }
  const open = ({ index, series }: Position): void => {
    const chosen = data.series[series]
    const point = data.points[index]
    const cell = chosen && point && seriesCell(tile, chosen, series, point.at)
    if (cell !== undefined) drill(tile.id, cell)
  }
  const label = preferences.label(tile.title)
  return (
    <>
      {data.series.length > 1 || time.previous.length > 0 ? (
        <SeriesLegend tile={tile} data={data} time={time} />
      ) : null}
      {tile.kind === 'bar' ? (
        <ColumnChart label={label} data={time} heightMin={chartHeight} onOpen={open} />
      ) : (
        <LineChart label={label} data={time} heightMin={chartHeight} onOpen={open} />
      )}
    </>
  )
}

/** The slot of a series. */
function slotOf(isOther: boolean, index: number): Slot {
  return isOther ? 'other' : index
}

function CategoriesBody(props: { readonly tile: TileNode; readonly data: Kind<'categories'> }): ReactNode {
  const preferences = usePreferences()
  const { view, canFilter, toggle, drill } = useControls()
  const { text, format } = preferences
  const { tile, data } = props
  const [metric] = data.metrics
  if (metric === undefined) return null
  const dimension = data.dimension.name
  const largest = Math.max(0, ...data.rows.map((row) => Math.abs(drawn(row.values[0]) ?? 0)))
  const items = data.rows.map((row) => ({
    name: valueName(row, preferences),
    text: format.glance(row.values[0] ?? null, metric.format, largest),
    value: row.values[0] ?? null,
    former: row.previous?.[0],
    change: changeText(
      row.values[0] ?? null,
      row.previous?.[0],
      metric.format,
      metric.direction,
      preferences,
    ),
    isOther: row.isOther === true,
    isChosen: row.isOther !== true && isChosen(view, { dimension, value: row.value }),
  }))
  const open = ({ index }: Position): void => {
    const row = data.rows[index]
    if (row === undefined || row.isOther === true) return
    const cell = categoryCell(data, row, 0)
    if (canFilter(dimension)) toggle({ dimension, value: row.value })
    else if (cell !== undefined) drill(tile.id, cell)
  }
  const [first] = items
  const count = items.length
  return (
    <BarChart
      label={preferences.label(tile.title)}
      summary={text.chart.categorySummary(count, format.integer(count), first?.name ?? '', first?.text ?? '')}
      items={items}
      onOpen={open}
    />
  )
}

function FunnelBody(props: { readonly tile: TileNode; readonly data: Kind<'funnel'> }): ReactNode {
  const preferences = usePreferences()
  const { drill } = useControls()
  const { tile, data } = props
  const open = ({ index }: Position): void => {
    const step = data.steps[index]
    const cell: Cell | undefined = step && stepCell(step)
    if (cell !== undefined) drill(tile.id, cell)
  }
  return (
    <FunnelChart
      label={preferences.label(tile.title)}
      items={data.steps.map((step) => ({
        name: preferences.label(step.label),
        text: preferences.format.glance(step.value, data.format),
        value: step.value,
        change: changeText(step.value, step.previous, data.format, 'up', preferences),
      }))}
      onOpen={open}
    />
  )
}

function changeText(
  value: string | null,
  former: string | null | undefined,
  how: ValueFormat,
  direction: Direction,
  { text, format }: Preferences,
): { readonly text: string; readonly spoken: string; readonly tone: string } | undefined {
  if (former === undefined) return undefined
  const change = changeOf(value, former, how, direction, text, format)
  if (change.arrow === 'none') return undefined
  const arrow = change.arrow === 'up' ? '▲ ' : change.arrow === 'down' ? '▼ ' : ''
  return { text: arrow + change.short, spoken: change.spoken, tone: change.tone }
}
