import type { TileAnswer, TileNode } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { tileCsvAddress } from '../api/client.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { ScrollArea } from '../ui/scroll-area.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { useControls } from './controls.tsx'

/** The title of a tile, what it means, and what can be done with it. */
export function TileHead(props: {
  readonly tile: TileNode
  readonly answer: TileAnswer | undefined
  /** What is happening to the tile just now. */
  readonly children: ReactNode
}): ReactNode {
  const { label } = usePreferences()
  const { tile, answer } = props
  return (
    <header className="tile-head">
      <h2>{label(tile.title)}</h2>
      {tile.description === undefined ? null : <About tile={tile} />}
      {props.children}
      <div className="tile-actions">
        {isDrawn(tile) ? <TableToggle tile={tile} /> : null}
        <TileMenu tile={tile} answer={answer} />
      </div>
    </header>
  )
}

function isDrawn(tile: TileNode): boolean {
  return tile.kind === 'line' || tile.kind === 'bar' || tile.kind === 'funnel'
}

function About({ tile }: { readonly tile: TileNode }): ReactNode {
  const { text, label } = usePreferences()
  return (
    <DialogTrigger>
      <IconButton icon="info" label={text.tile.about(label(tile.title))} className="tile-about" />
      <Popover className="popover" placement="bottom start" offset={4}>
        <Dialog className="popover-note" aria-label={text.tile.about(label(tile.title))}>
          {tile.description === undefined ? null : label(tile.description)}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function TableToggle({ tile }: { readonly tile: TileNode }): ReactNode {
  const { text, label } = usePreferences()
  const { page, toggleTable } = useControls()
  const isTable = page.tables.includes(tile.id)
  return (
    <IconButton
      icon={isTable ? 'chart' : 'table'}
      label={`${isTable ? text.tile.asChart : text.tile.asTable}: ${label(tile.title)}`}
      onPress={() => toggleTable(tile.id)}
    />
  )
}

function TileMenu(props: { readonly tile: TileNode; readonly answer: TileAnswer | undefined }): ReactNode {
  const { text, label, language } = usePreferences()
  const { answer: dashboard, view, page, toggleTable, drill } = useControls()
  const [isQueryOpen, setQueryOpen] = useState(false)
  const { tile, answer } = props
  const metric = firstMetric(tile)
  const isTable = page.tables.includes(tile.id)
  return (
    <>
      <MenuTrigger>
        <AriaButton className="icon-button" aria-label={text.tile.actions(label(tile.title))}>
          <Icon name="more" />
        </AriaButton>
        <Popover className="popover" placement="bottom end" offset={4}>
          <Menu className="menu" aria-label={text.tile.actions(label(tile.title))}>
            {tile.kind === 'table' || tile.kind === 'leaderboard' ? null : (
              <MenuItem className="menu-item" onAction={() => toggleTable(tile.id)}>
                <Icon name={isTable ? 'chart' : 'table'} />
                {isTable ? text.tile.asChart : text.tile.asTable}
              </MenuItem>
            )}
            {metric === undefined ? null : (
              <MenuItem className="menu-item" onAction={() => drill(tile.id, { metric, at: {} })}>
                <Icon name="search" />
                {text.tile.rows}
              </MenuItem>
            )}
            <MenuItem
              className="menu-item"
              href={tileCsvAddress(dashboard.dashboard.name, tile.id, view, language)}
              download=""
            >
              <Icon name="download" />
              {text.tile.csv}
            </MenuItem>
            {answer?.state === 'ready' ? (
              <MenuItem className="menu-item" onAction={() => setQueryOpen(true)}>
                <Icon name="source" />
                {text.tile.sql}
              </MenuItem>
            ) : null}
          </Menu>
        </Popover>
      </MenuTrigger>
      {isQueryOpen && answer?.state === 'ready' ? (
        <SidePanel title={text.tile.sqlTitle} onClose={() => setQueryOpen(false)}>
          <ScrollArea className="code" label={text.tile.sqlTitle}>
            <pre>{answer.sql}</pre>
          </ScrollArea>
        </SidePanel>
      ) : null}
    </>
  )
}

function firstMetric(tile: TileNode): string | undefined {
  if (tile.kind === 'number' || tile.kind === 'bar') return tile.metric
  return tile.kind === 'funnel' ? tile.steps[0] : tile.metrics[0]
}
