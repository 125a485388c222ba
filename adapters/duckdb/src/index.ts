import { unknownKeys, type AdapterContext, type AdapterReference, type Warehouse } from '@caudal/spec'
import type { DuckdbOptions } from './database.ts'

export type { DuckdbOptions } from './database.ts'

/** The embedded warehouse: a DuckDB file that one process, the owner, has open. */
export function duckdb(options: DuckdbOptions): AdapterReference {
  const problems = unknownKeys(options, ['path', 'memoryLimit', 'threads'], '')
  return {
    module: '@caudal/duckdb',
    options: { ...options },
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/**
 * Opens the embedded warehouse, creating its bookkeeping when the file is new. One process at a time. The engine is loaded with the first
 * one: whoever imports a project only to read it needs none.
 */
export async function openWarehouse(options: DuckdbOptions, context: AdapterContext): Promise<Warehouse> {
  const warehouse = await import('./warehouse.ts')
  return warehouse.openWarehouse(options, context)
}

/** Loads the engine's native library ahead of its use, while something else is waited for. */
export async function preload(): Promise<void> {
  await import('./warehouse.ts')
}
