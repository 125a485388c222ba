import type { Column, MetricNode, Viewer, ViewState, WarehouseCapabilities } from '@caudal/spec'

/** Columns of a table or model, `schema.name`; `undefined` when the warehouse does not have it. */
export type Catalogue = (table: string) => readonly Column[] | undefined

/** What a tile is compiled with. */
export interface MetricContext {
  readonly metrics: readonly MetricNode[]
  readonly catalogue: Catalogue
  readonly dialect: WarehouseCapabilities['dialect']
  readonly view: ViewState
  readonly viewer: Viewer
  /** The moment against which ranges such as `this month` are resolved. */
  readonly now: Date
}
