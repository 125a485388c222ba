import { formatTableName, type TableLoad } from '@caudal/spec'
import { id } from '../sql.ts'

/** SQL: the tombstone `s` is newer than the row `t`. */
export function tombstoneBeats(load: TableLoad, s: string, t: string): string {
  const later = `(${s}.load::BIGINT > ${t}._caudal_load OR (${s}.load::BIGINT = ${t}._caudal_load AND ${s}.row > ${t}._caudal_row))`
  if (load.order === undefined) return later
  const type = orderType(load)
  const order = `CAST(${s}.order_value AS ${type})`
  const mine = `${t}.${id(load.order)}`
  return `CASE WHEN ${s}.order_value IS NULL THEN ${later}
    ELSE ${mine} IS NULL OR ${order} > ${mine} OR (${order} = ${mine} AND ${later}) END`
}

/** DuckDB type of the order column. */
export function orderType(load: TableLoad): string {
  const column = load.columns.find((candidate) => candidate.name === load.order)
  if (column === undefined)
    throw new Error(`Invariant broken: ${formatTableName(load.table)} has no order column`)
  return column.type.kind === 'decimal'
    ? `DECIMAL(${column.type.precision},${column.type.scale})`
    : ({ text: 'VARCHAR', integer: 'BIGINT', bytes: 'BLOB' }[column.type.kind as string] ??
        column.type.kind.toUpperCase())
}

/** SQL: the stored row `a` is newer than the stored row `b`. */
export function isNewerRow(load: TableLoad, a: string, b: string): string {
  const later = `(${a}._caudal_load > ${b}._caudal_load OR (${a}._caudal_load = ${b}._caudal_load AND ${a}._caudal_row > ${b}._caudal_row))`
  if (load.order === undefined) return later
  const order = id(load.order)
  return `CASE WHEN ${a}.${order} IS NOT DISTINCT FROM ${b}.${order} THEN ${later}
    WHEN ${a}.${order} IS NULL THEN false WHEN ${b}.${order} IS NULL THEN true ELSE ${a}.${order} > ${b}.${order} END`
}

/** SQL: both sides have the same key. */
export function sameKey(load: TableLoad, a: string, b: string): string {
  return load.primaryKey.map((column) => `${a}.${id(column)} = ${b}.${id(column)}`).join(' AND ')
}

/** SQL: the key of a row as text, as tombstones hold it. */
export function keyText(load: TableLoad, alias: string): string {
  return `to_json([${load.primaryKey.map((column) => `CAST(${alias}.${id(column)} AS VARCHAR)`).join(', ')}])::VARCHAR`
}
