import { openWarehouse } from '@caudal/duckdb'
import type { Column, JsonObject, StagedFile } from '@caudal/spec'
import type { Preview } from '@caudal/engine'

/** The first rows of a file that a preview found, read by an engine in memory as a load would read it. */
export async function readFileRows(
  preview: Preview,
  limit: number,
  signal: AbortSignal,
): Promise<JsonObject[]> {
  if (preview.file === undefined) return []
  const { path, format, compression, text } = preview.file
  const warehouse = await openWarehouse({ path: ':memory:' }, { projectPath: '.' })
  try {
    const file: StagedFile = {
      key: path,
      format,
      ...(compression === undefined ? {} : { compression }),
      ...(text === undefined ? {} : { text }),
      sha256: '',
      bytes: 0,
      origin: path,
    }
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
            files: [file],
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
