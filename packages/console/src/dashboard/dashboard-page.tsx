import { parseView, type DashboardAnswer, type ViewState } from '@caudal/spec'
import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useDashboard, useNewest } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { PageError } from '../shell/page-states.tsx'
import { useAddress, usePathPart, type Address } from '../shell/use-address.ts'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, LoadingState } from '../ui/state.tsx'
import { formatAddress, parsePage, type PageState } from './address.ts'
import { ControlsProvider, type DashboardControls } from './controls.tsx'
import { DrillPanel } from './drill-panel.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Tile } from './tile.tsx'
import { useEscapeClears } from './use-escape-clears.ts'
import { useTilesReady } from './use-tiles-ready.ts'
import { toggleChoice } from './view-edit.ts'
import './dashboard.css'

/** A dashboard: its filters, its tiles, and the rows behind a number. */
export function DashboardPage(): ReactNode {
  const { text } = usePreferences()
  const name = usePathPart('name')
  const dashboard = useDashboard(name)
  if (dashboard.isPending) return <LoadingState heights={[32, 40, 140, 320]} />
  if (dashboard.isError)
    return (
      <PageError error={dashboard.error} onRetry={() => void dashboard.refetch()}>
        <Link to="/" className="button button-outline">
          {text.app.backHome}
        </Link>
      </PageError>
    )
  return <DashboardFrame key={name} answer={dashboard.data} />
}

function DashboardFrame({ answer }: { readonly answer: DashboardAnswer }): ReactNode {
  const { text, timeZone } = usePreferences()
  const address = useAddress()
  const defaults = useMemo(
    (): ViewState => ({
      range: answer.dashboard.range,
      comparison: answer.dashboard.comparison,
      filters: {},
      timeZone,
    }),
    [answer, timeZone],
  )
  const read = useMemo(() => readView(address.parameters, defaults), [address, defaults])
  if ('view' in read)
    return <DashboardBody answer={answer} view={read.view} defaults={defaults} address={address} />
  return (
    <PageError error={read.error} title={text.view.invalidTitle}>
      <Button onPress={() => address.change(new URLSearchParams(), true)}>{text.view.reset}</Button>
    </PageError>
  )
}

function readView(
  parameters: URLSearchParams,
  defaults: ViewState,
): { readonly view: ViewState } | { readonly error: unknown } {
  try {
    return { view: parseView(parameters, defaults) }
  } catch (error) {
    return { error }
  }
}

function useDashboardControls(
  answer: DashboardAnswer,
  view: ViewState,
  defaults: ViewState,
  address: Address,
): DashboardControls {
  return useMemo(() => {
    const page = parsePage(address.parameters)
    const go = (next: ViewState, nextPage: PageState): void =>
      address.change(formatAddress(next, nextPage, defaults), true)
    return {
      answer,
      view,
      page,
      setView: (next) => go(next, page),
      canFilter: (dimension) => answer.dimensions.some((known) => known.name === dimension),
      toggle: (choice) => go(toggleChoice(view, choice), page),
      drill: (tile, cell) => go(view, { ...page, drill: { tile, cell } }),
      closeDrill: () => go(view, { tables: page.tables }),
      toggleTable: (tile) =>
        go(view, {
          ...page,
          tables: page.tables.includes(tile)
            ? page.tables.filter((shown) => shown !== tile)
            : [...page.tables, tile],
        }),
    }
  }, [answer, view, defaults, address])
}

function DashboardBody(props: {
  readonly answer: DashboardAnswer
  readonly view: ViewState
  readonly defaults: ViewState
  readonly address: Address
}): ReactNode {
  const { text, label } = usePreferences()
  const { answer, view } = props
  const { dashboard } = answer
  const controls = useDashboardControls(answer, view, props.defaults, props.address)
  const isReady = useTilesReady(dashboard, view)
  const announcement = useEscapeClears(controls)
  usePush({ dashboard: dashboard.name, view, isReady })
  useTitle(label(dashboard.title))
  return (
    <ControlsProvider controls={controls}>
      <div className="page-head">
        <h1>{label(dashboard.title)}</h1>
        {dashboard.description === undefined ? null : (
          <p className="page-intro note">{label(dashboard.description)}</p>
        )}
        <AsOf answer={answer} view={view} />
      </div>
      <FilterBar />
      {dashboard.rows.length === 0 ? (
        <EmptyState title={text.tile.emptyTitle} icon="dashboards" />
      ) : (
        dashboard.rows.map((row, index) => (
          <div key={index} className="tile-row">
            {row.map((tile) => (
              <Tile key={tile.id} tile={tile} />
            ))}
          </div>
        ))
      )}
      <DrillPanel />
      <output className="unseen">{announcement}</output>
    </ControlsProvider>
  )
}

/** Of when the newest number on the page is. */
function AsOf(props: { readonly answer: DashboardAnswer; readonly view: ViewState }): ReactNode {
  const { text, format } = usePreferences()
  const { dashboard } = props.answer
  const tiles = dashboard.rows.flat().map((tile) => tile.id)
  const newest = useNewest(dashboard.name, tiles, props.view)
  return newest === undefined ? null : (
    <time className="page-head-end faint small" dateTime={newest} title={format.instant(newest)}>
      {text.tile.asOf(format.clock(newest))}
    </time>
  )
}
