import type { TileData, TileNode } from '@caudal/spec'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { grainOf, isOpenBucket } from '../charts/buckets.ts'
import { changeOf } from '../charts/change.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { usePreferences } from '../i18n/preferences.tsx'
import { ChangeMark } from './change-mark.tsx'
import { useControls } from './controls.tsx'

/** One number: its value, how it moved, and its trend. */
export function NumberBody(props: {
  readonly tile: TileNode
  readonly data: Extract<TileData, { kind: 'number' }>
  readonly asOf: string
}): ReactNode {
  const { text, format, label } = usePreferences()
  const { view, drill } = useControls()
  const { tile, data } = props
  const title = label(tile.title)
  const value = format.glance(data.value, data.format)
  const exact = format.value(data.value, data.format)
  const grain = grainOf(data.spark.map((point) => point.at))
  const last = data.spark.at(-1)
  return (
    <div className="number-tile">
      <div className="number-tile-main">
        {tile.kind === 'number' && data.value !== null ? (
          <Button
            className="number-value"
            aria-label={`${exact}. ${text.tile.rowsOf(title)}`}
            onPress={() => drill(tile.id, { metric: tile.metric, at: {} })}
          >
            <FittedNumber text={value} exact={exact} />
          </Button>
        ) : (
          <span className="number-value">{value}</span>
        )}
        {data.previous === undefined ? null : (
          <p className="number-change">
            <ChangeMark
              change={changeOf(data.value, data.previous, data.format, data.direction, text, format)}
            />
            <span className="faint">
              {data.previous === null
                ? ''
                : text.tile.versus(
                    format.glance(data.previous, data.format, Number(data.value)),
                    text.view.comparisonShort[view.comparison],
                  )}
            </span>
          </p>
        )}
      </div>
      {data.spark.length < 2 ? null : (
        <Sparkline
          label={title}
          height={44}
          data={{
            grain,
            points: data.spark,
            previous: [],
            series: [{ name: title, format: data.format, slot: 0 }],
            isLastOpen: last !== undefined && isOpenBucket(last.at, grain, props.asOf, view.timeZone),
          }}
        />
      )}
    </div>
  )
}

/** A long number is set smaller rather than cut; all its digits show when the pointer rests on it. */
function FittedNumber(props: { readonly text: string; readonly exact: string }): ReactNode {
  const { text, exact } = props
  const size = text.length > 18 ? 'tiny' : text.length > 13 ? 'small' : 'usual'
  return (
    <span data-size={size} title={exact === text ? undefined : exact}>
      {text}
    </span>
  )
}
