import { rm } from 'node:fs/promises'
import { openWarehouse } from '@caudal/duckdb'
import type { Column, JsonObject } from '@caudal/spec'
import type { Preview } from '@caudal/engine'

/** The first rows of a file that a preview found, read by an engine in memory as a load would read it. */
export async function readFileRows(
  preview: Preview,
  limit: number,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  if (preview.file === undefined) return []
  const { staged, folder } = preview.file
  const warehouse = await openWarehouse({ path: ':memory:' }, { projectPath: '.' })
  try {
    await warehouse.commit(
      {
        id: '0000000000000001',
        source: 'preview',
        run: 'preview',
        positions: [],
        tables: [
          {
            table: { schema: 'preview', name: 'rows' },
            stream: 'rows',
            generation: 0,
            columns: preview.columns,
            isTyped: false,
            disposition: 'append',
            primaryKey: [],
            deletes: 'none',
            contract: { columns: 'evolve', types: 'evolve' },
            files: [staged],
            filtered: 0,
            badShareMax: 1,
          },
        ],
      },
      (key) => key,
      signal,
    )
    return await firstRows(
      warehouse.query(`SELECT * EXCLUDE (_caudal_load) FROM preview.rows LIMIT ${limit}`, {}, signal),
    )
  } finally {
    await warehouse.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function firstRows(
  chunks: AsyncIterable<{
    columns: readonly Column[]
    rows: number
    values: readonly (readonly JsonObject[string][])[]
  }>,
): Promise<JsonObject[]> {
  const rows: JsonObject[] = []
  for await (const chunk of chunks) {
    for (let row = 0; row < chunk.rows; row++) {
      rows.push(
        Object.fromEntries(
          chunk.columns.map((column, index) => [column.name, chunk.values[index]?.[row] ?? null]),
        ),
      )
    }
  }
  return rows
}
