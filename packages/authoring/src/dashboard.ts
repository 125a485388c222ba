import {
  refuseSettings,
  unknownSettings,
  type Comparison,
  type DashboardDeclaration,
  type DateRange,
  type Label,
  type ShapeOf,
  type TileDeclaration,
} from '@caudal/spec'
import { toLabel } from './metric.ts'
import { callerPlace } from './place.ts'

/** Options of {@link dashboard}. */
export interface DashboardOptions<Dimension extends string> {
  /** Default: the name of the export. */
  readonly name?: string
  readonly title?: Label | string
  readonly description?: Label | string
  /** Dimensions of the filter bar: a filter applies to the tiles whose metrics have the dimension. */
  readonly filters?: readonly NoInfer<Dimension>[]
  /** Default: `last 30 days`. */
  readonly range?: DateRange
  /** Default: `previous period`. */
  readonly comparison?: Comparison
  /** Rows of tiles. */
  readonly rows: readonly (readonly TileDeclaration<Dimension>[])[]
}

const settings: ShapeOf<DashboardOptions<string>> = {
  name: true,
  title: true,
  description: true,
  filters: true,
  range: true,
  comparison: true,
  rows: true,
}

/** A dashboard: a filter bar and rows of tiles. */
export function dashboard<const Dimension extends string>(
  options: DashboardOptions<Dimension>,
): DashboardDeclaration {
  refuseSettings('dashboard()', unknownSettings(options, settings))
  const { title, description, ...rest } = options
  return {
    filters: [],
    range: 'last 30 days',
    comparison: 'previous period',
    ...rest,
    kind: 'dashboard',
    ...(title === undefined ? {} : { title: toLabel(title) }),
    ...(description === undefined ? {} : { description: toLabel(description) }),
    place: callerPlace(dashboard),
  }
}
