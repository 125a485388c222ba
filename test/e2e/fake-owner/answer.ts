import type { Cell, SeriesPoint, TileData, TileNode, ViewState } from '@caudal/spec'
import { bucketsOf, daysOf, grainOf, previousDays, startOf, type Days } from './calendar.ts'
import { firstDay, today, type Lead } from './leads.ts'
import { dimensions, metricNamed } from './metrics.ts'

type Value = string | null

/** The value of a dimension of a lead. */
export function valueOf(lead: Lead, dimension: string): Value {
  const values: Readonly<Record<string, Value>> = { team: lead.team, sdr: lead.sdr, channel: lead.channel }
  return values[dimension] ?? null
}

/** The leads of some days that a view's filters let through. */
function leadsIn(leads: readonly Lead[], view: ViewState, days: Days): readonly Lead[] {
  const filters = Object.entries(view.filters)
  return leads.filter(
    (lead) =>
      lead.day >= days.from &&
      lead.day <= days.to &&
      filters.every(
        ([dimension, values]) => values.length === 0 || values.includes(valueOf(lead, dimension)),
      ),
  )
}

/** The leads behind a cell. */
export function leadsBehind(
  leads: readonly Lead[],
  view: ViewState,
  cell: Cell,
  grain?: 'week',
): readonly Lead[] {
  const days = daysOf(view.range, today, firstDay)
  const step = grain ?? grainOf(view, days)
  return leadsIn(leads, view, days).filter((lead) =>
    Object.entries(cell.at).every(([name, value]) =>
      name === 'time' ? startOf(step, lead.day) === value : valueOf(lead, name) === value,
    ),
  )
}

/** The data of a tile. */
export function dataOf(tile: TileNode, leads: readonly Lead[], view: ViewState): TileData {
  const days = daysOf(view.range, today, firstDay)
  const former = previousDays(view, days)
  const shown = leadsIn(leads, view, days)
  const before = former === undefined ? undefined : leadsIn(leads, view, former)
  switch (tile.kind) {
    case 'number': {
      const { node, compute } = metricNamed(tile.metric)
      const points = seriesOf(shown, days, view, (part) => [compute(part)])
      return {
        kind: 'number',
        value: compute(shown),
        ...(before === undefined ? {} : { previous: compute(before) }),
        spark: points,
        format: node.format,
        direction: node.direction,
      }
    }
    case 'funnel':
      return {
        kind: 'funnel',
        steps: tile.steps.map((name) => {
          const { node, compute } = metricNamed(name)
          return {
            metric: name,
            label: node.label,
            value: compute(shown),
            ...(before === undefined ? {} : { previous: compute(before) }),
          }
        }),
        format: { kind: 'number' },
      }
    case 'leaderboard':
      return categories(tile.metrics, tile.by, tile.top, shown, before)
    case 'table':
      return table(tile.metrics, tile.by, tile.top, shown)
    case 'bar':
      if (tile.by !== undefined) return categories([tile.metric], tile.by, tile.top ?? 10, shown, before)
      return timeSeries([tile.metric], shown, before, days, former, view)
    case 'line':
      if (tile.by === undefined) return timeSeries(tile.metrics, shown, before, days, former, view)
      return splitSeries(tile.metrics[0] ?? '', tile.by, shown, days, view)
  }
}

function seriesOf(
  leads: readonly Lead[],
  days: Days,
  view: ViewState,
  compute: (part: readonly Lead[]) => readonly Value[],
): readonly SeriesPoint[] {
  const grain = grainOf(view, daysOf(view.range, today, firstDay))
  const parts = Map.groupBy(leads, (lead) => startOf(grain, lead.day))
  return bucketsOf(days, grain).map((at) => ({ at, values: compute(parts.get(at) ?? []) }))
}

function timeSeries(
  names: readonly string[],
  shown: readonly Lead[],
  before: readonly Lead[] | undefined,
  days: Days,
  former: Days | undefined,
  view: ViewState,
): TileData {
  const chosen = names.map(metricNamed)
  const compute = (part: readonly Lead[]): readonly Value[] => chosen.map((metric) => metric.compute(part))
  const points = seriesOf(shown, days, view, compute)
  const previous =
    before === undefined || former === undefined ? undefined : seriesOf(before, former, view, compute)
  return {
    kind: 'series',
    grain: grainOf(view, days),
    series: chosen.map(({ node }) => ({ label: node.label, format: node.format })),
    points,
    ...(previous === undefined
      ? {}
      : {
          previous: points.map(
            (_point, index) => previous[index] ?? { at: '', values: chosen.map(() => null) },
          ),
        }),
  }
}

function splitSeries(
  name: string,
  by: string,
  shown: readonly Lead[],
  days: Days,
  view: ViewState,
): TileData {
  const { node, compute } = metricNamed(name)
  const values = ranked(shown, by, compute)
  const points = seriesOf(shown, days, view, (part) =>
    values.map((value) => compute(part.filter((lead) => valueOf(lead, by) === value))),
  )
  return {
    kind: 'series',
    grain: grainOf(view, days),
    series: values.map((value) => ({ value, format: node.format })),
    points,
  }
}

function ranked(
  leads: readonly Lead[],
  by: string,
  compute: (leads: readonly Lead[]) => Value,
): readonly Value[] {
  const parts = Map.groupBy(leads, (lead) => valueOf(lead, by))
  return [...parts]
    .toSorted(([, a], [, b]) => Number(compute(b)) - Number(compute(a)))
    .map(([value]) => value)
}

function categories(
  names: readonly string[],
  by: string,
  top: number,
  shown: readonly Lead[],
  before: readonly Lead[] | undefined,
): TileData {
  const chosen = names.map(metricNamed)
  const [first] = chosen
  const dimension = dimensions.find((known) => known.name === by)
  if (first === undefined || dimension === undefined)
    throw new Error('Invariant broken: a tile has metric and dimension')
  const values = ranked(shown, by, first.compute)
  const row = (is: (lead: Lead) => boolean, value: Value, isOther: boolean): CategoryRow => ({
    value,
    ...(isOther ? { isOther: true } : {}),
    values: chosen.map((metric) => metric.compute(shown.filter(is))),
    ...(before === undefined ? {} : { previous: chosen.map((metric) => metric.compute(before.filter(is))) }),
  })
  const rest = values.slice(top)
  return {
    kind: 'categories',
    dimension,
    metrics: chosen.map(({ node }) => ({
      name: node.name,
      label: node.label,
      format: node.format,
      direction: node.direction,
    })),
    rows: [
      ...values.slice(0, top).map((value) => row((lead) => valueOf(lead, by) === value, value, false)),
      ...(rest.length === 0 ? [] : [row((lead) => rest.includes(valueOf(lead, by)), null, true)]),
    ],
  }
}

type CategoryRow = Extract<TileData, { kind: 'categories' }>['rows'][number]

function table(
  names: readonly string[],
  by: readonly string[],
  top: number,
  shown: readonly Lead[],
): TileData {
  const chosen = names.map(metricNamed)
  const parts = Map.groupBy(shown, (lead) => JSON.stringify(by.map((name) => valueOf(lead, name))))
  const rows = [...parts]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([key, part]) => [...(JSON.parse(key) as Value[]), ...chosen.map((metric) => metric.compute(part))])
  return {
    kind: 'table',
    columns: [
      ...by.map((name) => ({
        key: name,
        label: dimensions.find((known) => known.name === name)?.label ?? { en: name, es: name },
      })),
      ...chosen.map(({ node }) => ({ key: node.name, label: node.label, format: node.format })),
    ],
    rows: rows.slice(0, top),
    isCut: rows.length > top,
  }
}
