import type { TileData, TileNode } from '@caudal/spec'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { SeriesMark } from '../charts/series-mark.tsx'
import type { TimeData } from '../charts/time-words.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { useControls } from './controls.tsx'
import { isChosen } from './view-edit.ts'

/** The names of the series with their marks; the values of a dimension filter by a click. */
export function SeriesLegend(props: {
  readonly tile: TileNode
  readonly data: Extract<TileData, { kind: 'series' }>
  readonly time: TimeData
}): ReactNode {
  const { text } = usePreferences()
  const { view, canFilter, toggle } = useControls()
  const { tile, data, time } = props
  const dimension = tile.kind === 'line' ? tile.by : undefined
  return (
    <ul className="legend">
      {time.series.map((series, index) => {
        const of = data.series[index]
        const mark = (
          <>
            <SeriesMark slot={series.slot} />
            <span className="cut">{series.name}</span>
          </>
        )
        if (dimension === undefined || of?.isOther === true || !canFilter(dimension)) {
          return <li key={index}>{mark}</li>
        }
        const choice = { dimension, value: of?.value ?? null }
        const isOn = isChosen(view, choice)
        return (
          <li key={index}>
            <Button
              className="legend-button"
              aria-label={isOn ? text.tile.unfilter(series.name) : text.tile.filterBy(series.name)}
              onPress={() => toggle(choice)}
            >
              {mark}
            </Button>
          </li>
        )
      })}
      {time.previous.length === 0 ? null : (
        <li className="legend-previous">
          <svg width="18" height="12" aria-hidden="true">
            {tile.kind === 'bar' ? (
              <path className="column-former" d="M2 6h14" />
            ) : (
              <path className="line line-previous slot-previous" d="M1 6h16" />
            )}
          </svg>
          {text.view.comparisons[view.comparison]}
        </li>
      )}
    </ul>
  )
}
