import { formatTableName, type RelationDescription, type Warehouse } from '@caudal/spec'
import { queryRecords } from '../check/records.ts'

/** Every relation by its name: its rows counted (what catalogues say of rows is an estimate), `undefined` for a view. */
export async function countRows(
  warehouse: Pick<Warehouse, 'query'>,
  relations: readonly RelationDescription[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const counted = new Map<string, number | undefined>(
    relations.map(({ table }) => [formatTableName(table), undefined]),
  )
  const tables = relations.filter(({ kind }) => kind === 'table').map(({ table }) => table)
  if (tables.length === 0) return counted
  const sql = tables
    .map(
      ({ schema, name }, index) =>
        `SELECT ${index} AS place, count(*) AS n FROM "${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`,
    )
    .join(' UNION ALL ')
  for (const { place, n } of await queryRecords(warehouse, sql, {}, AbortSignal.timeout(30_000))) {
    const table = tables[Number(place)]
    if (table !== undefined) counted.set(formatTableName(table), Number(n))
  }
  return counted
}
