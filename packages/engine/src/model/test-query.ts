import type { Column, ColumnType, JsonObject, JsonValue, ModelNode, ModelTestNode } from '@caudal/spec'
import { quoteIdentifier, quoteLiteral, renderPortable, replaceTables } from '@caudal/sql'

/** A raw or external table as tests know it: its columns decide the types of given rows. */
export interface TypedTable {
  readonly name: string
  readonly columns: readonly Column[]
}

/** Columns that Caudal itself keeps in raw tables. */
export const ownColumns: Readonly<Record<string, string>> = {
  _caudal_load: 'varchar',
  _caudal_row: 'bigint',
  _caudal_extra: 'json',
  _caudal_deleted_at: 'timestamptz',
  _caudal_valid_from: 'timestamptz',
  _caudal_valid_to: 'timestamptz',
}

/** Finds the columns and types of a query without running it. */
export type DescribeQuery = (sql: string) => Promise<readonly TypedName[]>

/** A column with its type in DuckDB's spelling. */
export interface TypedName {
  readonly name: string
  readonly type: string
}

/**
 * One query that computes a model from the given rows of a test: each table and each model above it becomes a WITH query of the same name. A model
 * above that is not given is computed as well; a table that is not given is empty.
 */
export async function testQuery(
  test: ModelTestNode,
  models: readonly ModelNode[],
  tables: readonly TypedTable[],
  describe: DescribeQuery,
): Promise<string> {
  const byName = new Map(models.map((model) => [model.name, model]))
  const needed = reachable(test, byName)
  const sqlText = needed.map((name) => byName.get(name)?.sql ?? '').join('\n')
  const parts: string[] = []
  for (const name of needed) {
    const model = byName.get(name)
    const given = test.given[name]
    if (model === undefined) {
      const table = tables.find((candidate) => candidate.name === name)
      parts.push(`${quoteIdentifier(name)} as (${givenTable(table, given ?? [], sqlText)})`)
      continue
    }
    const computed = replaceTables(renderPortable(model.sql, 'duckdb'), standIns(model))
    if (given === undefined || name === test.model) {
      parts.push(`${quoteIdentifier(name)} as (${computed}\n)`)
    } else {
      const columns = await describe(withQuery(parts, computed))
      parts.push(`${quoteIdentifier(name)} as (${typedRows(columns, given)})`)
    }
  }
  return withQuery(parts, `select * from ${quoteIdentifier(test.model)}`)
}

/** Rows as a query with these types; a column that a row does not name is null. */
export function typedRows(columns: readonly TypedName[], rows: readonly JsonObject[]): string {
  const row = (values: JsonObject): string =>
    `select ${columns.map(({ name, type }) => `cast(${literal(values[name] ?? null)} as ${type}) as ${quoteIdentifier(name)}`).join(', ')}`
  return rows.length === 0 ? `${row({})} where false` : rows.map(row).join('\nunion all ')
}

function withQuery(parts: readonly string[], select: string): string {
  return parts.length === 0 ? select : `with ${parts.join(',\n')}\nselect * from (${select}\n)`
}

/** What the model and those above it read, each after what it reads itself. */
function reachable(test: ModelTestNode, models: ReadonlyMap<string, ModelNode>): readonly string[] {
  const names = new Set<string>()
  const visit = (name: string): void => {
    if (names.has(name)) return
    for (const reference of models.get(name)?.references ?? []) visit(reference)
    names.add(name)
  }
  visit(test.model)
  return [...names]
}

function standIns(model: ModelNode): Readonly<Record<string, string>> {
  return Object.fromEntries(model.references.map((name) => [name, quoteIdentifier(name)]))
}

function givenTable(table: TypedTable | undefined, rows: readonly JsonObject[], sql: string): string {
  const declared = (table?.columns ?? []).map((column) => ({
    name: column.name,
    type: duckdbType(column.type),
  }))
  const own = Object.entries(ownColumns)
    .filter(([name]) => sql.includes(name) || rows.some((row) => name in row))
    .map(([name, type]) => ({ name, type }))
  if (declared.length > 0) return typedRows([...declared, ...own], rows)
  return typedRows([...guessedColumns(rows), ...own], rows)
}

/** Columns of a table that was never discovered: as the given rows have them. */
function guessedColumns(rows: readonly JsonObject[]): readonly TypedName[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !(name in ownColumns))
  const typeOf = (name: string): string => {
    const values = rows.map((row) => row[name]).filter((value) => value !== undefined && value !== null)
    if (values.every((value) => typeof value === 'boolean')) return 'boolean'
    return values.every((value) => typeof value === 'number') ? 'double' : 'varchar'
  }
  return names.length === 0
    ? [{ name: 'unknown', type: 'varchar' }]
    : names.map((name) => ({ name, type: typeOf(name) }))
}

function literal(value: JsonValue): string {
  return typeof value === 'number' ? quoteLiteral(String(value)) : quoteLiteral(value)
}

/** A type in DuckDB's spelling. */
export function duckdbType(type: ColumnType): string {
  const spelling: Readonly<Record<string, string>> = { text: 'varchar', integer: 'bigint', bytes: 'blob' }
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`
  return spelling[type.kind] ?? type.kind
}
