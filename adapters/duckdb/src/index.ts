import type { AdapterReference } from '@caudal/spec'
import type { DuckdbOptions } from './database.ts'

export type { DuckdbOptions } from './database.ts'
export { openWarehouse } from './warehouse.ts'

/** The embedded warehouse: a DuckDB file that one process, the owner, has open. */
export function duckdb(options: DuckdbOptions): AdapterReference {
  return { module: '@caudal/duckdb', options: { ...options } }
}
