import {
  type AdapterContext,
  type Column,
  type FlushLoad,
  type FlushOutcome,
  type FlushingWarehouse,
  type GroupingWarehouse,
  type Load,
  type LoadOutcome,
  type JsonValue,
  type PublishRequest,
  type Readers,
  type RelationDescription,
  type TableName,
  type Warehouse,
  type WarehouseCapabilities,
  type WarehouseState,
  type ColumnChunk,
} from '@caudal/spec'
import { prepareBookkeeping } from './bookkeeping.ts'
import { buildRelation } from './building/build.ts'
import { commitLoad, commitTogether } from './commit/commit.ts'
import { Database, type DuckdbOptions } from './database.ts'
import { applyFlush } from './flush/flush.ts'
import { Inserter } from './inserter.ts'
import { publishRelations } from './publish.ts'
import { streamQuery } from './query.ts'
import { rows } from './rows.ts'
import { columnType, literal } from './sql.ts'
import { warehouseState } from './state.ts'

const capabilities: WarehouseCapabilities = Object.freeze({
  dialect: 'duckdb',
  protocol: 'transaction',
  isShared: false,
})

/** Opens the embedded warehouse, creating its bookkeeping when the file is new. One process at a time. */
export async function openWarehouse(options: DuckdbOptions, context: AdapterContext): Promise<Warehouse> {
  const database = await Database.open(options, context.projectPath)
  try {
    await prepareBookkeeping(database.writer, database.path)
    return new DuckdbWarehouse(database, context.readers)
  } catch (error) {
    database.close()
    throw error
  }
}

/** Rows that loads write before the cache gives memory back: they hold about 20 MB. */
const rowsCachedMax = 500_000

class DuckdbWarehouse implements GroupingWarehouse, FlushingWarehouse {
  readonly name = 'duckdb'
  readonly capabilities = capabilities
  readonly state: WarehouseState
  readonly #database: Database
  readonly #readers: Readers | undefined
  readonly #inserter: Inserter
  #hasReplaced = false
  #rowsCached = 0

  constructor(database: Database, readers?: Readers) {
    this.#database = database
    this.#readers = readers
    this.#inserter = new Inserter(database, readers)
    this.state = warehouseState(database)
  }

  async commit(load: Load, locate: (key: string) => string, signal: AbortSignal): Promise<LoadOutcome> {
    const outcome = await commitLoad(this.#database.writer, this.#inserter, load, locate, signal)
    if (load.tables.some((table) => table.snapshot?.complete === true)) await this.#reclaim()
    await this.#forgetLoaded(outcome)
    return outcome
  }

  async commitTogether(
    loads: readonly Load[],
    locate: (key: string) => string,
    signal: AbortSignal,
  ): Promise<readonly LoadOutcome[]> {
    const outcomes = await commitTogether(this.#database.writer, this.#inserter, loads, locate, signal)
    for (const outcome of outcomes) await this.#forgetLoaded(outcome)
    return outcomes
  }

  async flush(load: FlushLoad, signal: AbortSignal): Promise<FlushOutcome> {
    signal.throwIfAborted()
    return applyFlush(this.#database.writer, load)
  }

  async build(
    table: TableName,
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): Promise<number> {
    signal.throwIfAborted()
    return buildRelation(this.#database, { table, sql: inline(sql, parameters), signal }, this.#readers)
  }

  async publish(request: PublishRequest): Promise<number> {
    const sequence = await publishRelations(this.#database.writer, request)
    if (request.publications.some((publication) => publication.kind === 'table')) await this.#reclaim()
    return sequence
  }

  async introspect(): Promise<readonly RelationDescription[]> {
    return this.#database.withConnection(async (connection) => {
      const found = await rows(
        connection,
        `SELECT c.schema_name, c.table_name, c.column_name, c.data_type, t.estimated_size AS size, c.is_nullable
          FROM duckdb_columns() c LEFT JOIN duckdb_tables() t USING (schema_name, table_name)
          WHERE NOT c.internal AND c.schema_name NOT IN ('_caudal', '_caudal_build') AND NOT starts_with(c.table_name, '_caudal_next_')
            AND c.database_name = current_database()
          ORDER BY c.schema_name, c.table_name, c.column_index`,
      )
      const relations = new Map<string, { description: RelationDescription; columns: Column[] }>()
      for (const row of found) {
        const table = { schema: String(row['schema_name']), name: String(row['table_name']) }
        const key = `${table.schema}.${table.name}`
        const columns = relations.get(key)?.columns ?? []
        columns.push({ name: String(row['column_name']), type: columnType(String(row['data_type'])) })
        const kind = row['size'] === null ? 'view' : 'table'
        const size = kind === 'view' ? {} : { rows: Number(row['size']) }
        relations.set(key, { columns, description: { table, kind, columns, ...size } })
      }
      return [...relations.values()].map(({ description }) => description)
    })
  }

  query(
    sql: string,
    parameters: Readonly<Record<string, JsonValue>>,
    signal: AbortSignal,
  ): AsyncIterable<ColumnChunk> {
    return streamQuery(this.#database, sql, parameters, signal)
  }

  async close(): Promise<void> {
    if (this.#hasReplaced) await this.#reclaim()
    this.#database.close()
  }

  /** Keeps memory flat in a long load. */
  async #forgetLoaded({ tables }: LoadOutcome): Promise<void> {
    for (const { counts } of tables) this.#rowsCached += counts.inserted + counts.updated
    if (this.#rowsCached >= rowsCachedMax && (await this.#database.forget())) this.#rowsCached = 0
  }

  /** Gives the blocks of replaced tables back: without it the file grows with every replace; with a reader open it has to wait. */
  async #reclaim(): Promise<void> {
    this.#hasReplaced = await this.#database.writer
      .run('CHECKPOINT')
      .then(() => false)
      .catch(() => true)
  }
}

/** Puts parameters into a statement that the engine cannot prepare: CREATE TABLE … AS. */
function inline(sql: string, parameters: Readonly<Record<string, JsonValue>>): string {
  return Object.entries(parameters).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`\\$${name}\\b`, 'g'), () => literal(value)),
    sql,
  )
}
