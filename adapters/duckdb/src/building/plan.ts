import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { catalog } from '../database.ts'
import { rows } from '../rows.ts'
import { id, lit } from '../sql.ts'

/** A table that a query reads. */
export interface ReadTable {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Names of the columns that the query needs. */
  readonly needed: ReadonlySet<string>
}

/** What a query needs to be run elsewhere. */
export interface BuildPlan {
  readonly tables: readonly ReadTable[]
  /** Definitions of all views, each after those that it reads. */
  readonly views: readonly string[]
}

/** Operators of a plan that read nothing but what their query holds. */
const closedLeaves = new Set([
  'COLUMN_DATA_SCAN',
  'CTE_SCAN',
  'DELIM_SCAN',
  'DUMMY_SCAN',
  'EMPTY_RESULT',
  'EXPRESSION_SCAN',
  'GENERATE_SERIES',
  'RANGE',
  'REC_CTE_SCAN',
])

interface Operator {
  readonly name: string
  readonly children: readonly Operator[]
  readonly extra_info: Readonly<Record<string, string | readonly string[]>>
}

/** Rows of the tables that a query reads, by the engine's estimate. */
export async function rowsRead(connection: DuckDBConnection, sql: string): Promise<number> {
  const sizes = await rows(
    connection,
    'SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE database_name = current_database()',
  )
  const sizeOf = new Map(
    sizes.map((row) => [
      scanned(String(row['schema_name']), String(row['table_name'])),
      Number(row['estimated_size']),
    ]),
  )
  return leavesOf(await explain(connection, sql)).reduce(
    (sum, { extra_info: info }) => sum + (sizeOf.get(plain(info['Table'])) ?? 0),
    0,
  )
}

/**
 * Finds what a query needs. It is planned over empty tables in an engine of its own, because the setting that leaves filters in the plan
 * (else a filter that the statistics prove true is gone, and its column with it) holds for a whole instance.
 * @returns `undefined` when it reads what cannot be copied: the catalogue, files, functions.
 */
export async function planBuild(connection: DuckDBConnection, sql: string): Promise<BuildPlan | undefined> {
  const tables = await describeTables(connection)
  const views = await rows(
    connection,
    'SELECT schema_name, sql FROM duckdb_views() WHERE NOT internal AND database_name = current_database()',
  )
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const planner = await instance.connect()
  try {
    await planner.run(`ATTACH ':memory:' AS ${catalog}; USE ${catalog}; SET TimeZone = 'UTC'`)
    const schemas = new Set(
      [...tables, ...views.map((row) => ({ schema: String(row['schema_name']) }))].map(
        ({ schema }) => schema,
      ),
    )
    const definitions = [
      ...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${id(schema)}`),
      ...tables.map(
        ({ schema, name, columns }) =>
          `CREATE TABLE ${id(schema)}.${id(name)} (${columns.map((column) => `${id(column.name)} ${column.type}`).join(', ')})`,
      ),
    ]
    for (const definition of definitions) await planner.run(definition)
    const placed = await placeViews(
      planner,
      views.map((row) => String(row['sql'])),
    )
    const optimizers = await rows(
      planner,
      `SELECT name FROM duckdb_optimizers() WHERE name <> 'unused_columns'`,
    )
    await planner.run(
      `SET disabled_optimizers = ${lit(optimizers.map((row) => String(row['name'])).join(','))}`,
    )
    const read = readTables(leavesOf(await explain(planner, sql)), tables)
    return read === undefined ? undefined : { tables: read, views: placed }
  } catch {
    return undefined
  } finally {
    planner.closeSync()
    instance.closeSync()
  }
}

type Table = Omit<ReadTable, 'needed'>

async function describeTables(connection: DuckDBConnection): Promise<Table[]> {
  const found = await rows(
    connection,
    `SELECT c.schema_name, c.table_name, c.column_name, c.data_type FROM duckdb_columns() c
      SEMI JOIN duckdb_tables() t ON t.table_oid = c.table_oid AND t.database_oid = c.database_oid
      WHERE NOT c.internal AND c.database_name = current_database() ORDER BY c.schema_name, c.table_name, c.column_index`,
  )
  const tables = new Map<string, Table & { readonly columns: { name: string; type: string }[] }>()
  for (const row of found) {
    const [schema, name] = [String(row['schema_name']), String(row['table_name'])]
    const key = scanned(schema, name)
    const table = tables.get(key) ?? { schema, name, columns: [] }
    table.columns.push({ name: String(row['column_name']), type: String(row['data_type']) })
    tables.set(key, table)
  }
  return [...tables.values()]
}

/** Creates views in an order in which each finds what it reads. */
async function placeViews(planner: DuckDBConnection, views: readonly string[]): Promise<string[]> {
  const placed: string[] = []
  let open = views
  for (let before = -1; before !== placed.length;) {
    before = placed.length
    const left: string[] = []
    for (const view of open) {
      const isPlaced = await planner.run(view).then(
        () => true,
        () => false,
      )
      if (isPlaced) placed.push(view)
      else left.push(view)
    }
    open = left
  }
  return placed
}

function readTables(leaves: readonly Operator[], tables: readonly Table[]): ReadTable[] | undefined {
  const known = new Map(tables.map((table) => [scanned(table.schema, table.name), table]))
  const read = new Map<Table, Set<string>>()
  for (const { name, extra_info: info } of leaves) {
    const table = name === 'SEQ_SCAN' ? known.get(plain(info['Table'])) : undefined
    if (table === undefined) {
      if (closedLeaves.has(name)) continue
      return undefined
    }
    const columns = new Set(table.columns.map((column) => column.name))
    const needed = read.get(table) ?? new Set<string>()
    for (const column of [info['Projections'] ?? []].flat()) {
      if (columns.has(column)) needed.add(column)
      else if (column !== '') return undefined
    }
    read.set(table, needed)
  }
  return [...read].map(([table, needed]) => ({ ...table, needed }))
}

async function explain(connection: DuckDBConnection, sql: string): Promise<readonly Operator[]> {
  const found = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)
  return JSON.parse(String(found.getRowsJS().at(-1)?.[1])) as readonly Operator[]
}

function leavesOf(operators: readonly Operator[]): readonly Operator[] {
  return operators.flatMap((operator) =>
    operator.children.length === 0 ? [operator] : leavesOf(operator.children),
  )
}

/** A table by the parts of its name, as a key. */
function scanned(schema: string, name: string): string {
  return JSON.stringify([catalog, schema, name])
}

/** The same of a table as a plan names it: a part that is a word of SQL, or has other characters, in quotes. */
function plain(name: string | readonly string[] | undefined): string {
  const parts = String(name).match(/"(?:[^"]|"")*"|[^."]+/g) ?? []
  return JSON.stringify(
    parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part)),
  )
}
