import type { TileNode } from '@caudal/spec'
import type { CSSProperties, ReactNode } from 'react'
import { useTile } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/state.tsx'
import { useControls } from './controls.tsx'
import { isEmptyData } from './empty-data.ts'
import { SheetTable } from './sheet-table.tsx'
import { sheetOf } from './sheet.ts'
import { TileBody } from './tile-body.tsx'
import { TileHead } from './tile-head.tsx'
import { useMoved } from './use-moved.ts'

const heights: Readonly<Record<TileNode['kind'], number>> = {
  number: 92,
  line: 240,
  bar: 240,
  funnel: 240,
  leaderboard: 260,
  table: 260,
}

/** One tile: its answer, or why there is none; what was answered stays while a newer answer is on its way. */
export function Tile({ tile }: { readonly tile: TileNode }): ReactNode {
  const { text, label } = usePreferences()
  const { answer: dashboard, view, page } = useControls()
  const query = useTile(dashboard.dashboard.name, tile.id, view)
  const answer = query.data
  const isOld = query.isPlaceholderData || (query.isFetching && answer !== undefined)
  const ready = answer?.state === 'ready' ? answer : undefined
  const isMoved = useMoved(query.isPlaceholderData ? undefined : ready, view)
  return (
    <section
      className={`tile tile-${tile.kind} card`}
      style={{ '--width': tile.width } as CSSProperties}
      aria-label={label(tile.title)}
      aria-busy={query.isFetching}
      data-old={isOld}
      data-moved={isMoved}
    >
      <TileHead tile={tile} answer={answer}>
        {isOld ? (
          <span className="tile-note">{text.tile.refreshing}</span>
        ) : isMoved ? (
          <span className="tile-note moved">{text.tile.updated}</span>
        ) : null}
      </TileHead>
      <Unreached tile={tile} />
      <div className="tile-body">
        <Body tile={tile} query={query} isTable={page.tables.includes(tile.id)} />
      </div>
    </section>
  )
}

/** Says which of the chosen filters do not hold for the tile: its numbers count everything there. */
function Unreached({ tile }: { readonly tile: TileNode }): ReactNode {
  const { text, label } = usePreferences()
  const { answer, view } = useControls()
  const missing = (answer.unreached[tile.id] ?? []).filter((name) => (view.filters[name] ?? []).length > 0)
  if (missing.length === 0) return null
  const names = missing.map((name) => {
    const dimension = answer.dimensions.find((known) => known.name === name)
    return dimension === undefined ? name : label(dimension.label)
  })
  return <p className="tile-unreached">{text.tile.unreached(names.join(', '))}</p>
}

function Body(props: {
  readonly tile: TileNode
  readonly query: ReturnType<typeof useTile>
  readonly isTable: boolean
}): ReactNode {
  const preferences = usePreferences()
  const { text } = preferences
  const { tile, query } = props
  if (query.isPending) return <Skeleton height={heights[tile.kind]} />
  const retry = (): void => void query.refetch()
  if (query.data === undefined)
    return <ErrorState error={query.error} title={text.tile.failedTitle} onRetry={retry} />
  if (query.data.state === 'error') {
    return <ErrorState error={query.data.error} title={text.tile.failedTitle} onRetry={retry} />
  }
  const { data, asOf } = query.data
  return (
    <>
      {query.isError ? (
        <ErrorState error={query.error} title={text.tile.failedTitle} onRetry={retry} />
      ) : null}
      {isEmptyData(data) ? (
        <EmptyState title={text.tile.emptyTitle}>{text.tile.emptyBody}</EmptyState>
      ) : props.isTable ? (
        <SheetTable tile={tile} sheet={sheetOf(tile, data, preferences)} />
      ) : (
        <TileBody tile={tile} data={data} asOf={asOf} />
      )}
    </>
  )
}
