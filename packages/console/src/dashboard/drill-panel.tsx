import { formatView, type Cell, type RowsAnswer, type TileAnswer, type TileNode } from '@caudal/spec'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { rowsCsvAddress } from '../api/client.ts'
import { keys, useRows } from '../api/queries.ts'
import { usePreferences, type Preferences } from '../i18n/preferences.tsx'
import { DownloadLink } from '../ui/download-link.tsx'
import { RowsTable } from '../ui/rows-table.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { EmptyState, ErrorState, Skeleton } from '../ui/state.tsx'
import { useControls } from './controls.tsx'

/** The rows behind a number, beside the dashboard; open while the address names a cell. */
export function DrillPanel(): ReactNode {
  const { answer, page } = useControls()
  const tile = answer.dashboard.rows.flat().find(({ id }) => id === page.drill?.tile)
  if (page.drill === undefined || tile === undefined) return null
  return <OpenPanel tile={tile} cell={page.drill.cell} />
}

function OpenPanel({ tile, cell }: { readonly tile: TileNode; readonly cell: Cell }): ReactNode {
  const preferences = usePreferences()
  const { text, label } = preferences
  const { answer, view, closeDrill } = useControls()
  const cache = useQueryClient()
  const dashboard = answer.dashboard.name
  const rows = useRows(dashboard, tile.id, view, cell)
  const tileAnswer = cache.getQueryData<TileAnswer>(
    keys.tile(dashboard, tile.id, formatView(view).toString()),
  )
  const subject = [label(tile.title), ...describeCell(cell, tileAnswer, answer.dimensions, preferences)].join(
    ' · ',
  )
  return (
    <SidePanel
      title={text.drill.title(subject)}
      onClose={closeDrill}
      actions={
        <DownloadLink address={rowsCsvAddress(dashboard, tile.id, view, cell)}>{text.drill.csv}</DownloadLink>
      }
    >
      {rows.isPending ? (
        <div className="drill-body">
          <Skeleton height={320} />
        </div>
      ) : rows.isError ? (
        <div className="drill-body">
          <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
        </div>
      ) : (
        <Rows answer={rows.data} />
      )}
    </SidePanel>
  )
}

function Rows({ answer }: { readonly answer: RowsAnswer }): ReactNode {
  const { text, format } = usePreferences()
  const count = answer.rows.length
  if (count === 0) return <EmptyState title={text.drill.empty} icon="search" />
  return (
    <>
      <output className="drill-count note faint">
        {answer.isCut
          ? text.drill.cut(count, format.integer(count))
          : text.drill.count(count, format.integer(count))}
      </output>
      <RowsTable columns={answer.columns} rows={answer.rows} label={text.tile.rows} />
    </>
  )
}

function describeCell(
  cell: Cell,
  answer: TileAnswer | undefined,
  dimensions: readonly {
    readonly name: string
    readonly label: { readonly en: string; readonly es: string }
  }[],
  { text, format, label }: Preferences,
): readonly string[] {
  const grain = answer?.state === 'ready' && answer.data.kind === 'series' ? answer.data.grain : 'day'
  return Object.entries(cell.at).map(([name, value]) => {
    if (name === 'time') return value === null ? text.app.noValue : format.bucket(value, grain)
    const dimension = dimensions.find((known) => known.name === name)
    return `${dimension === undefined ? name : label(dimension.label)}: ${value ?? text.app.noValue}`
  })
}
