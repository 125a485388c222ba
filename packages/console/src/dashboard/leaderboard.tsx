import type { TileData, TileNode } from '@caudal/spec'
import type { ReactNode } from 'react'
import { changeOf } from '../charts/change.ts'
import { drawn } from '../charts/series-shape.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { ChangeMark } from './change-mark.tsx'
import { ScrollArea } from '../ui/scroll-area.tsx'
import { CellNumber, CellName } from './cells.tsx'
import { categoryCell, valueName } from './marks.ts'

type Categories = Extract<TileData, { kind: 'categories' }>

/** People or things in rank order: a table, whose first metric is also a bar. */
export function Leaderboard({
  tile,
  data,
}: {
  readonly tile: TileNode
  readonly data: Categories
}): ReactNode {
  const { text, label } = usePreferences()
  const largest = Math.max(
    0,
    ...data.rows.map((row) => (row.isOther === true ? 0 : (drawn(row.values[0]) ?? 0))),
  )
  return (
    <ScrollArea label={text.tile.tableOf(label(tile.title))}>
      <table className="leaderboard" data-compared={data.rows.some((row) => row.previous !== undefined)}>
        <thead>
          <tr>
            <th scope="col" className="rank">
              <span className="unseen">{text.chart.rank}</span>
            </th>
            <th scope="col">{label(data.dimension.label)}</th>
            {data.metrics.map((metric) => (
              <th key={metric.name} scope="col" className="number">
                {label(metric.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row, index) => (
            <LeaderRow key={index} tile={tile} data={data} row={row} rank={index + 1} largest={largest} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

/** The largest number of a column: it decides how its numbers are rounded. */
function largestOf(data: Categories, at: number): number {
  return Math.max(0, ...data.rows.map((row) => Math.abs(drawn(row.values[at]) ?? 0)))
}

function LeaderRow(props: {
  readonly tile: TileNode
  readonly data: Categories
  readonly row: Categories['rows'][number]
  readonly rank: number
  readonly largest: number
}): ReactNode {
  const preferences = usePreferences()
  const { text, format } = preferences
  const { tile, data, row } = props
  const isOther = row.isOther === true
  const share = props.largest === 0 ? 0 : Math.max(0, (drawn(row.values[0]) ?? 0) / props.largest)
  return (
    <tr className={isOther ? 'leader-other' : ''}>
      <td className="rank faint">{isOther ? '' : format.integer(props.rank)}</td>
      <th scope="row" className="leader">
        <CellName
          text={valueName(row, preferences)}
          choice={isOther ? undefined : { dimension: data.dimension.name, value: row.value }}
        />
        {isOther ? null : (
          <span className="leader-track" aria-hidden="true">
            <span className="leader-bar" style={{ width: `${Math.min(1, share) * 100}%` }} />
          </span>
        )}
      </th>
      {data.metrics.map((metric, at) => {
        const value = row.values[at] ?? null
        const former = row.previous?.[at]
        const change = changeOf(value, former, metric.format, metric.direction, text, format)
        return (
          <td key={metric.name} className="number">
            <CellNumber
              tile={tile.id}
              text={format.glance(value, metric.format, largestOf(data, at))}
              cell={categoryCell(data, row, at)}
            />
            {isOther || change.arrow === 'none' ? null : (
              <span className="leader-change">
                <ChangeMark change={change} />
              </span>
            )}
          </td>
        )
      })}
    </tr>
  )
}
