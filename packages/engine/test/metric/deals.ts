import {
  type Aggregate,
  type Column,
  type MetricNode,
  type Ratio,
  type TileData,
  type TileNode,
  type ViewState,
  type JsonValue,
} from '@caudal/spec'
import { compileRows, compileTile, type MetricContext, type TileCell } from '@caudal/engine'
import type { Engine } from './engines.ts'

/** One deal: instant, amount, won, SDR. */
export type Deal = readonly [
  at: string,
  amount: string | null,
  isWon: boolean | null,
  sdr?: string | null,
  seats?: number | string,
]

/** What a test may say of a metric; the rest is usual. */
export type MetricOptions = Partial<MetricNode> & { readonly value: Aggregate | Ratio }

/** What a test may say of a view; the rest is usual. */
export interface TestView extends Partial<ViewState> {
  readonly now: string
  readonly rules?: Readonly<Record<string, string>>
}

const text = (label: string): { en: string; es: string } => ({ en: label, es: label })

export const count: Aggregate = { kind: 'aggregate', function: 'count' }
export const wonCount: Aggregate = { ...count, where: 'is_won' }
export const amountSum: Aggregate = { kind: 'aggregate', function: 'sum', column: 'amount' }

/** Tables of one test on one engine, and tiles over them. */
export class DealBook {
  readonly engine: Engine
  readonly schema: string
  readonly metrics: MetricNode[] = []
  #columns = new Map<string, readonly Column[]>()

  constructor(engine: Engine, schema: string) {
    this.engine = engine
    this.schema = schema
  }

  /** Creates `deals`: `closed_at` and the same as a UTC timestamp and as the UTC day. */
  async putDeals(deals: readonly Deal[]): Promise<void> {
    const rows = deals.map(([at, amount, isWon, sdr = null, seats = 1], index) =>
      [index + 1, literal(at), literal(amount), String(isWon), literal(sdr), seats].join(', '),
    )
    await this.put(
      'deals',
      `select cast(id as bigint) as id, cast(instant as timestamptz) as closed_at,
         cast(cast(instant as timestamptz) at time zone 'UTC' as timestamp) as closed_utc,
         cast(cast(instant as timestamptz) at time zone 'UTC' as date) as closed_on,
         cast(amount as decimal(18, 2)) as amount, is_won, sdr_id, cast(seats as bigint) as seats
       from (select 0 as id, cast(null as text) as instant, cast(null as text) as amount, cast(null as boolean) as is_won,
           cast(null as text) as sdr_id, 0 as seats
         ${rows.map((row) => `union all select ${row}`).join(' ')}) as v where id > 0`,
    )
  }

  async put(name: string, sql: string): Promise<string> {
    const table = `${this.schema}.${name}`
    await this.engine.put(table, sql)
    const relations = await this.engine.relations()
    this.#columns = new Map(relations.map((relation) => [key(relation.table), relation.columns]))
    return table
  }

  /** A metric over `deals`, counted by `closed_at`, split by `sdr`. */
  metric(name: string, options: MetricOptions): string {
    this.metrics.push({
      name,
      label: text(name),
      description: '',
      from: `${this.schema}.deals`,
      time: 'closed_at',
      joins: [],
      dimensions: [{ name: 'sdr', label: text('SDR'), column: 'sdr_id' }],
      format: { kind: 'number' },
      direction: 'up',
      version: 1,
      place: 'metrics/sales.ts:1',
      ...options,
    })
    return name
  }

  async tile<Kind extends TileData['kind']>(
    kind: Kind,
    tile: TileOptions,
    view: TestView,
  ): Promise<Extract<TileData, { kind: Kind }>> {
    const compiled = compileTile(tileNode(tile), this.context(view))
    const data = compiled.shape(await this.engine.query(compiled.sql, compiled.parameters))
    if (!isKind(data, kind)) throw new Error(`a ${data.kind} tile where ${kind} was expected`)
    return data
  }

  /** Ids of the rows behind a cell. */
  async ids(tile: TileOptions, cell: TileCell, view: TestView): Promise<readonly JsonValue[]> {
    const compiled = compileRows(tileNode(tile), cell, 100, this.context(view))
    const chunks = await this.engine.query(compiled.sql, compiled.parameters)
    return chunks
      .flatMap((chunk) => chunk.values[chunk.columns.findIndex(({ name }) => name === 'id')] ?? [])
      .toSorted((a, b) => Number(a) - Number(b))
  }

  context({ now, rules = {}, ...view }: TestView): MetricContext {
    return {
      metrics: this.metrics,
      catalogue: (table) => this.#columns.get(table),
      dialect: this.engine.dialect,
      view: { range: 'this month', comparison: 'none', filters: {}, timeZone: 'Europe/Madrid', ...view },
      viewer: { id: 'test', rules },
      now: new Date(now),
    }
  }
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never

/** A tile without what every tile has. */
export type TileOptions = DistributiveOmit<TileNode, 'id' | 'title' | 'width'>

function tileNode(tile: TileOptions): TileNode {
  return { id: 'tile', title: text('Tile'), width: 4, ...tile } satisfies TileNode
}

function isKind<Kind extends TileData['kind']>(
  data: TileData,
  kind: Kind,
): data is Extract<TileData, { kind: Kind }> {
  return data.kind === kind
}

function key(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`
}

function literal(value: string | null): string {
  return value === null ? 'null' : `'${value.replaceAll("'", "''")}'`
}

/** `at: values` of each point that is not all zero or null. */
export function lit(
  points: readonly { readonly at: string; readonly values: readonly (string | null)[] }[],
): string[] {
  return points
    .filter(({ values }) => values.some((value) => value !== null && value !== '0'))
    .map(({ at, values }) => `${at}: ${values.map((value) => value ?? 'null').join(' ')}`)
}
