import type { Cell, DashboardAnswer, ViewState } from '@caudal/spec'
import { createContext, useContext, type ReactNode } from 'react'
import type { PageState } from './address.ts'
import type { Choice } from './view-edit.ts'

/** What every part of a dashboard reads and changes. */
export interface DashboardControls {
  readonly answer: DashboardAnswer
  readonly view: ViewState
  readonly page: PageState
  setView(view: ViewState): void
  /** Whether a value of the dimension can be filtered by. */
  canFilter(dimension: string): boolean
  /** Adds the value to the filters, or takes it out. */
  toggle(choice: Choice): void
  /** Opens the rows behind a cell of a tile. */
  drill(tile: string, cell: Cell): void
  closeDrill(): void
  toggleTable(tile: string): void
}

const ControlsContext = createContext<DashboardControls | undefined>(undefined)

/** Gives the controls to the parts of a dashboard. */
export function ControlsProvider(props: {
  readonly controls: DashboardControls
  readonly children: ReactNode
}): ReactNode {
  return <ControlsContext value={props.controls}>{props.children}</ControlsContext>
}

/** The controls of the dashboard around it. */
export function useControls(): DashboardControls {
  const controls = useContext(ControlsContext)
  if (controls === undefined) throw new Error('Invariant broken: a tile is outside a dashboard')
  return controls
}
