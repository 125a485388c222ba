import type { DuckDBConnection } from '@duckdb/node-api'
import {
  CaudalError,
  formatColumnType,
  formatTableName,
  isSameType,
  type Column,
  type TableLoad,
  type TableName,
} from '@caudal/spec'
import { rows } from '../rows.ts'
import { columnDefinitions, duckdbType, id, lit, relation } from '../sql.ts'
import { widest } from '../types.ts'

/** A raw table inside a commit. */
export interface OpenTable {
  /** What readers see. */
  readonly table: TableName
  /** Where rows go: the table, or the private one that a snapshot fills. */
  readonly work: TableName
  readonly columns: readonly Column[]
  readonly generation: number
  readonly changes: string[]
  readonly isNew: boolean
}

/** Name of the private table that a snapshot fills beside its table. */
export function nextTable(table: TableName): TableName {
  return { schema: table.schema, name: `_caudal_next_${table.name}` }
}

/** Whether a load fills a private table that becomes visible when the snapshot is complete. */
export function fillsNext(load: TableLoad): boolean {
  return load.snapshot !== undefined && (load.disposition === 'replace' || load.deletes === 'full re-sync')
}

interface StoredTable {
  readonly generation: number
  readonly columns: readonly Column[]
  readonly snapshot: string | null
}

/** Whether a load has made the table before. */
export async function isMade(connection: DuckDBConnection, table: TableName): Promise<boolean> {
  return (await readStored(connection, table)) !== undefined
}

/** Opens the table of a load: creates it, fences its generation, and adds or widens columns as the contract allows. */
export async function openTable(connection: DuckDBConnection, load: TableLoad): Promise<OpenTable> {
  const { table } = load
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${id(table.schema)}`)
  const stored = await readStored(connection, table)
  fence(load, stored)
  if (fillsNext(load)) return openNext(connection, load, stored)
  if (stored !== undefined && stored.snapshot !== null && load.disposition === 'append')
    await forgetNext(connection, table)
  if (stored === undefined) {
    await connection.run(
      `CREATE TABLE ${relation(table)} (${columnDefinitions(load.columns)}, ${systemColumns(load)})`,
    )
    await store(connection, table, load.columns, 1, null)
    return { table, work: table, columns: load.columns, generation: 1, changes: [], isNew: true }
  }
  const { columns, changes } = evolve(load, stored.columns, await emptyColumns(connection, table, stored))
  await alter(connection, table, stored.columns, columns)
  const generation = changes.length === 0 ? stored.generation : stored.generation + 1
  if (changes.length > 0) {
    const snapshot = load.disposition === 'append' ? null : stored.snapshot
    await store(connection, table, columns, generation, snapshot)
  }
  return { table, work: table, columns, generation, changes, isNew: false }
}

/** A full read that broke off is not continued when rows are appended again: what it brought goes. */
async function forgetNext(connection: DuckDBConnection, table: TableName): Promise<void> {
  await connection.run(`DROP TABLE IF EXISTS ${relation(nextTable(table))}`)
  await connection.run(
    `UPDATE _caudal.tables SET snapshot = NULL WHERE schema_name = ${lit(table.schema)} AND table_name = ${lit(table.name)}`,
  )
}

async function openNext(
  connection: DuckDBConnection,
  load: TableLoad,
  stored: StoredTable | undefined,
): Promise<OpenTable> {
  const { table } = load
  const work = nextTable(table)
  const snapshot = load.snapshot?.id ?? ''
  const isBegun = stored?.snapshot === snapshot
  const generation = stored?.generation ?? 0
  const empty = isBegun ? await emptyColumns(connection, work, stored) : undefined
  const { columns, changes } =
    stored === undefined
      ? { columns: load.columns, changes: [] }
      : evolve(load, stored.columns, empty ?? new Set(stored.columns.map(({ name }) => name)))
  if (!isBegun) {
    await connection.run(`DROP TABLE IF EXISTS ${relation(work)}`)
    await connection.run(
      `CREATE TABLE ${relation(work)} (${columnDefinitions(columns)}, ${systemColumns(load)})`,
    )
    await connection.run(
      `DELETE FROM _caudal.tombstones WHERE schema_name = ${lit(work.schema)} AND table_name = ${lit(work.name)}`,
    )
  } else await alterTo(connection, work, columns)
  const isChanged = stored === undefined || changes.length > 0
  const next = isChanged ? generation + 1 : generation
  await store(connection, table, columns, next, snapshot)
  return { table, work, columns, generation: next, changes, isNew: stored === undefined }
}

/** System columns by disposition: provenance, tie-break, deletion mark and validity. */
function systemColumns(load: TableLoad): string {
  const columns = ['_caudal_extra JSON', '_caudal_load BIGINT']
  if (load.disposition === 'merge' || load.disposition === 'history') columns.push('_caudal_row BIGINT')
  if (load.disposition === 'merge' && load.deletes === 'soft flag')
    columns.push('_caudal_deleted_at TIMESTAMPTZ')
  if (load.disposition === 'history') {
    const type = validityType(load)
    columns.push(`_caudal_valid_from ${type}`, `_caudal_valid_to ${type}`)
  }
  return columns.join(', ')
}

/** Type of the validity columns: the order column's, or the time of the load. */
export function validityType(load: TableLoad): string {
  const order = load.columns.find((column) => column.name === load.order)
  return order === undefined ? 'TIMESTAMPTZ' : duckdbType(order.type)
}

function fence(load: TableLoad, stored: StoredTable | undefined): void {
  const generation = stored?.generation ?? 0
  if (load.generation === generation) return
  throw new CaudalError({
    code: 'CAUDAL_LOAD_GENERATION',
    message: `${formatTableName(load.table)}: the load was prepared for generation ${load.generation}, the table is at ${generation}. Nothing was written; the staged files are kept.`,
    hint: 'The engine prepares the load again by itself.',
    retryable: true,
    context: { table: formatTableName(load.table), prepared: load.generation, stored: generation },
  })
}

/** Columns whose type is a placeholder and that still have no value: they take the first real type. */
async function emptyColumns(
  connection: DuckDBConnection,
  table: TableName,
  stored: StoredTable | undefined,
): Promise<ReadonlySet<string>> {
  const unseen = stored?.columns.filter((column) => column.isUnseen === true) ?? []
  if (unseen.length === 0) return new Set()
  const counts = unseen.map((column) => `count(${id(column.name)}) AS ${id(column.name)}`).join(', ')
  const [found] = await rows(connection, `SELECT ${counts} FROM ${relation(table)}`)
  return new Set(unseen.map(({ name }) => name).filter((name) => Number(found?.[name] ?? 0) === 0))
}

function evolve(
  load: TableLoad,
  stored: readonly Column[],
  empty: ReadonlySet<string>,
): { columns: Column[]; changes: string[] } {
  const changes: string[] = []
  const columns = stored.map((before) => {
    const now = load.columns.find((column) => column.name === before.name)
    if (now === undefined || (now.isUnseen === true && before.isUnseen !== true)) return before
    if (before.isUnseen === true && now.isUnseen !== true && empty.has(before.name)) {
      if (!isSameType(before.type, now.type)) {
        changes.push(`${before.name}: first values, ${formatColumnType(now.type)}`)
      }
      return now
    }
    const type = isSameType(before.type, now.type) ? before.type : widest(before.type, now.type)
    if (isSameType(type, before.type)) return { ...now, type }
    if (load.contract.types === 'freeze')
      throw frozen(
        load,
        'types',
        `${before.name}: ${formatColumnType(before.type)} → ${formatColumnType(now.type)}`,
      )
    changes.push(`${before.name}: ${formatColumnType(before.type)} → ${formatColumnType(type)}`)
    return { ...now, type }
  })
  const known = new Set(stored.map((column) => column.name))
  for (const column of load.columns) {
    if (known.has(column.name) || load.contract.columns === 'discard') continue
    if (load.contract.columns === 'freeze')
      throw frozen(load, 'columns', `${column.name}: ${formatColumnType(column.type)}`)
    columns.push(column)
    changes.push(`${column.name}: added, ${formatColumnType(column.type)}`)
  }
  return { columns, changes }
}

/** The error of a frozen contract. */
export function frozen(load: TableLoad, part: 'columns' | 'types', what: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LOAD_SCHEMA_FROZEN',
    message: `Stream \`${load.stream}\` (${formatTableName(load.table)}) sent ${what}, but its schema contract for ${part} is \`freeze\`. 0 rows were written; the staged files are kept in the lake.`,
    hint: `Set contract.${part} to 'evolve' or 'discard' for the stream, or declare the column, and run again.`,
    context: { table: formatTableName(load.table), stream: load.stream, part, what },
  })
}

async function alter(
  connection: DuckDBConnection,
  table: TableName,
  before: readonly Column[],
  after: readonly Column[],
): Promise<void> {
  for (const column of after) {
    const old = before.find((known) => known.name === column.name)
    const type = duckdbType(column.type)
    if (old === undefined)
      await connection.run(`ALTER TABLE ${relation(table)} ADD COLUMN ${id(column.name)} ${type}`)
    else if (!isSameType(old.type, column.type)) {
      await connection.run(`ALTER TABLE ${relation(table)} ALTER COLUMN ${id(column.name)} TYPE ${type}`)
    }
  }
}

async function alterTo(
  connection: DuckDBConnection,
  table: TableName,
  columns: readonly Column[],
): Promise<void> {
  const present = await rows(
    connection,
    `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = ${lit(table.schema)} AND table_name = ${lit(table.name)}`,
  )
  const types = new Map(present.map((row) => [String(row['column_name']), String(row['data_type'])]))
  for (const column of columns) {
    const type = duckdbType(column.type)
    const found = types.get(column.name)
    if (found === undefined)
      await connection.run(`ALTER TABLE ${relation(table)} ADD COLUMN ${id(column.name)} ${type}`)
    else if (found !== type && (column.type.kind === 'decimal' || [found, type].includes('VARCHAR'))) {
      await connection.run(`ALTER TABLE ${relation(table)} ALTER COLUMN ${id(column.name)} TYPE ${type}`)
    }
  }
}

async function readStored(connection: DuckDBConnection, table: TableName): Promise<StoredTable | undefined> {
  const found = await rows(
    connection,
    `SELECT generation, columns, snapshot FROM _caudal.tables WHERE schema_name = $schema AND table_name = $name`,
    { schema: table.schema, name: table.name },
  )
  const row = found[0]
  if (row === undefined) return undefined
  return {
    generation: Number(row['generation']),
    columns: JSON.parse(String(row['columns'])) as Column[],
    snapshot: row['snapshot'] as string | null,
  }
}

/** Records the table's columns and generation. */
export async function store(
  connection: DuckDBConnection,
  table: TableName,
  columns: readonly Column[],
  generation: number,
  snapshot: string | null,
): Promise<void> {
  await connection.run(
    `INSERT OR REPLACE INTO _caudal.tables VALUES ($schema, $name, $generation, $columns, $snapshot)`,
    { schema: table.schema, name: table.name, generation, columns: JSON.stringify(columns), snapshot },
  )
}
