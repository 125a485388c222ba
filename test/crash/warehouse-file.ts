import { openWarehouse } from '@caudal/duckdb'
import type { JsonValue, Warehouse } from '@caudal/spec'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** The database file of a shop. */
export function warehouseOf(folder: string): string {
  return path.join(folder, 'data', 'warehouse.duckdb')
}

/** Rows of a query, by column name. */
export async function rowsOf(warehouse: Warehouse, sql: string): Promise<Record<string, JsonValue>[]> {
  const records: Record<string, JsonValue>[] = []
  for await (const { columns, rows, values } of warehouse.query(sql, {}, AbortSignal.timeout(60_000))) {
    for (let row = 0; row < rows; row++) {
      const cells = columns.map(({ name }, index) => [name, values[index]?.[row] ?? null] as const)
      records.push(Object.fromEntries(cells))
    }
  }
  return records
}

/** Looks into a copy of a database file as a crash left it: what was committed is in it, and the file itself is not touched. */
export async function inCopy<T>(
  file: string,
  look: (warehouse: Warehouse) => Promise<T>,
): Promise<T | undefined> {
  if (!existsSync(file)) return undefined
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-copy-'))
  try {
    await copyFile(file, path.join(folder, 'copy.duckdb'))
    if (existsSync(`${file}.wal`)) await copyFile(`${file}.wal`, path.join(folder, 'copy.duckdb.wal'))
    const warehouse = await openWarehouse({ path: 'copy.duckdb', threads: 1 }, { projectPath: folder })
    try {
      return await look(warehouse)
    } finally {
      await warehouse.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Opens a database file that no process has open. */
export async function inWarehouse<T>(file: string, look: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const warehouse = await openWarehouse({ path: file, threads: 1 }, { projectPath: '/' })
  try {
    return await look(warehouse)
  } finally {
    await warehouse.close()
  }
}
