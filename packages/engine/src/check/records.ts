import type { JsonValue, Warehouse } from '@caudal/spec'

/** Rows of a query as records. For results that are known to be small. */
export async function queryRecords(
  warehouse: Pick<Warehouse, 'query'>,
  sql: string,
  parameters: Readonly<Record<string, JsonValue>>,
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, JsonValue>>[]> {
  const records: Record<string, JsonValue>[] = []
  for await (const chunk of warehouse.query(sql, parameters, signal)) {
    for (let row = 0; row < chunk.rows; row++) {
      records.push(
        Object.fromEntries(
          chunk.columns.map((column, index) => [column.name, chunk.values[index]?.[row] ?? null]),
        ),
      )
    }
  }
  return records
}
