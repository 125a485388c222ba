import type { DuckDBConnection } from '@duckdb/node-api'
import { CaudalError, formatTableName, type Readers, type TableName } from '@caudal/spec'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '../database.ts'
import { mapEngineError } from '../errors.ts'
import { lit, relation } from '../sql.ts'
import { buildInChild } from './child.ts'
import { copyRows, copyTables, inTransaction, relationsOver, type CopyManners } from './copy.ts'
import { resultTable } from './job.ts'
import { planBuild, rowsRead, type BuildPlan } from './plan.ts'

/** Rows read from which a build is long: about a second. */
const longRows = 250_000

let builds = 0

/** A private relation to be built. */
export interface BuildRequest {
  readonly table: TableName
  readonly sql: string
  readonly signal: AbortSignal
}

/**
 * Builds a private relation. A long build beside readers is made by a child process, because the engine shares its threads among statements
 * without a share for each: what the query needs is copied for it, and its result comes back, both in pieces that let answers go first.
 * @returns rows written.
 */
export async function buildRelation(
  database: Database,
  request: BuildRequest,
  readers: Readers | undefined,
): Promise<number> {
  const plan = readers?.areAround === true ? await planLong(database, request.sql) : undefined
  const built =
    plan === undefined || readers === undefined
      ? undefined
      : await buildElsewhere(database, request, plan, { readers, signal: request.signal })
  return built ?? buildHere(database, request)
}

async function planLong(database: Database, sql: string): Promise<BuildPlan | undefined> {
  if (database.scratchPath === undefined) return undefined
  return database.withConnection(async (connection) => {
    const size = await rowsRead(connection, sql).catch(() => 0)
    return size < longRows ? undefined : planBuild(connection, sql)
  })
}

function buildHere(database: Database, { table, sql, signal }: BuildRequest): Promise<number> {
  return database.withConnection(async (connection) => {
    const interrupt = (): void => connection.interrupt()
    signal.addEventListener('abort', interrupt)
    try {
      const result = await connection.run(`CREATE OR REPLACE TABLE ${relation(table)} AS ${sql}`)
      return Number((await result.getRowsJS())[0]?.[0] ?? 0)
    } catch (error) {
      signal.throwIfAborted()
      throw mapEngineError(error, `building ${formatTableName(table)}`)
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
  })
}

/** @returns rows written, or `undefined` when the query needs more than was copied. */
async function buildElsewhere(
  database: Database,
  { table, sql, signal }: BuildRequest,
  plan: BuildPlan,
  manners: CopyManners,
): Promise<number | undefined> {
  const name = `_caudal_build_${++builds}`
  const folder = path.join(database.scratchPath ?? '', name)
  const [input, output] = [path.join(folder, 'input.duckdb'), path.join(folder, 'output.duckdb')]
  const what = `building ${formatTableName(table)}`
  await mkdir(folder, { recursive: true })
  try {
    await attached(database, input, name, (connection) => copyTables(connection, name, plan.tables, manners))
    const word = await buildInChild(
      {
        input: { ...database.options, path: input },
        output,
        relations: relationsOver(plan.tables, plan.views),
        sql,
      },
      { readers: manners.readers, signal, what },
    )
    if (word.kind === 'unfit') return undefined
    if (word.kind === 'failed') throw mapEngineError(new Error(word.message), what)
    return await attached(database, output, name, (connection) =>
      inTransaction(connection, () =>
        copyRows(connection, `${name}.main.${resultTable}`, relation(table), '*', manners),
      ),
    )
  } catch (error) {
    signal.throwIfAborted()
    throw CaudalError.isInstance(error) ? error : mapEngineError(error, what)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rmdir(path.dirname(folder)).catch(() => undefined)
  }
}

/** Works with a scratch file attached under a name. */
function attached<T>(
  database: Database,
  file: string,
  name: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return database.withConnection(async (connection) => {
    await connection.run(`ATTACH ${lit(file)} AS ${name}`)
    try {
      return await work(connection)
    } finally {
      await connection.run(`DETACH ${name}`)
    }
  })
}
