import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { CaudalError } from '@caudal/spec'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { isInvalidated, mapEngineError } from './errors.ts'
import { lit } from './sql.ts'

/** Options of the embedded warehouse. */
export interface DuckdbOptions {
  /** File of the database, relative to the project; `:memory:` keeps nothing. */
  readonly path: string
  /** Memory that DuckDB may use before it spills to disk. Default: `1GB`. */
  readonly memoryLimit?: string
  /** Default: the machine's processors. */
  readonly threads?: number
}

/**
 * The file is attached under a name of our own: the engine would call it after the file, and a file `crm.duckdb` with a schema `crm` makes
 * every `crm.deals` ambiguous.
 */
export const catalog = '_caudal_file'

const memoryLimit = '1GB'

/** What a {@link Database.forget} leaves in the cache: the tables that dashboards look at keep their place. */
const keptCache = '64MB'

/** Files that this process has open: a second instance on one file would diverge silently. */
const openPaths = new Set<string>()

/**
 * One open DuckDB instance: a connection for the writer lane and others for queries. The optimizer that
 * rewrites `QUALIFY row_number() … = 1` is off: in 1.5.5 it mixes up columns when rowid is the order, and invalidates the database.
 */
export class Database {
  readonly path: string
  readonly options: DuckdbOptions
  /** Folder for files that builds need for a while; `undefined` when the database is in memory. What a dead owner left there goes at the next start. */
  readonly scratchPath: string | undefined
  readonly writer: DuckDBConnection
  readonly #instance: DuckDBInstance
  readonly #memoryLimit: string
  readonly #idle: DuckDBConnection[] = []
  #lent = 0
  #forgetting: Promise<void> | undefined

  private constructor(
    filePath: string,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    options: DuckdbOptions,
  ) {
    this.path = filePath
    this.options = options
    this.scratchPath = filePath === ':memory:' ? undefined : `${filePath}.build`
    this.#instance = instance
    this.writer = writer
    this.#memoryLimit = options.memoryLimit ?? memoryLimit
  }

  /** Opens the file, creating it when absent. @throws CaudalError `CAUDAL_WAREHOUSE_LOCKED`, `CAUDAL_WAREHOUSE_OPEN`. */
  static async open(options: DuckdbOptions, projectPath: string): Promise<Database> {
    const filePath = options.path === ':memory:' ? ':memory:' : path.resolve(projectPath, options.path)
    if (openPaths.has(filePath)) throw alreadyOpen(filePath)
    if (filePath !== ':memory:') {
      await mkdir(path.dirname(filePath), { recursive: true })
      openPaths.add(filePath)
    }
    try {
      const instance = await DuckDBInstance.create(':memory:', settings(options, filePath))
      const writer = await instance.connect()
      await writer.run(`ATTACH ${lit(filePath)} AS ${catalog}`)
      await writer.run(`USE ${catalog}`)
      await writer.run(`SET TimeZone = 'UTC'`)
      await writer.run(`SET GLOBAL disabled_optimizers = 'top_n_window_elimination'`)
      const database = new Database(filePath, instance, writer, options)
      if (database.scratchPath !== undefined) await rm(database.scratchPath, { recursive: true, force: true })
      return database
    } catch (error) {
      openPaths.delete(filePath)
      throw openError(filePath, error)
    }
  }

  /** Lends a connection for a query; it comes back when the work ends. */
  async withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.lend()
    try {
      return await work(connection)
    } catch (error) {
      throw isInvalidated(error) ? mapEngineError(error, `reading ${this.path}`) : error
    } finally {
      this.giveBack(connection)
    }
  }

  /** A connection for a streamed query; {@link giveBack} returns it. */
  async lend(): Promise<DuckDBConnection> {
    while (this.#forgetting !== undefined) await this.#forgetting
    this.#lent++
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    try {
      const connection = await this.#instance.connect()
      await connection.run(`USE ${catalog}`)
      await connection.run(`SET TimeZone = 'UTC'`)
      return connection
    } catch (error) {
      this.#lent--
      throw error
    }
  }

  /** Returns a lent connection. */
  giveBack(connection: DuckDBConnection): void {
    this.#lent--
    if (this.#idle.length < 8) this.#idle.push(connection)
    else connection.closeSync()
  }

  /**
   * Gives back the memory of what was cached longest ago, all but a part: the engine keeps whatever was written, up to its limit. Called
   * between writes. The limit is low for a moment, which a query could not stand: with one under way nothing happens, and one that
   * comes waits. @returns whether it was done.
   */
  async forget(): Promise<boolean> {
    if (this.#lent > 0) return false
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#forgetting = promise
    try {
      await this.writer.run(`SET memory_limit = ${lit(keptCache)}`).catch(() => undefined)
      await this.writer.run(`SET memory_limit = ${lit(this.#memoryLimit)}`)
      return true
    } finally {
      this.#forgetting = undefined
      resolve()
    }
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.closeSync()
    this.writer.closeSync()
    this.#instance.closeSync()
    openPaths.delete(this.path)
  }
}

function settings(options: DuckdbOptions, filePath: string): Record<string, string> {
  return {
    ...(filePath === ':memory:' ? {} : { temp_directory: `${filePath}.tmp` }),
    memory_limit: options.memoryLimit ?? memoryLimit,
    allocator_flush_threshold: '32MB',
    allocator_bulk_deallocation_flush_threshold: '32MB',
    autoinstall_known_extensions: 'false',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  }
}

function alreadyOpen(filePath: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_OPEN',
    message: `The database ${filePath} is already open in this process; a second instance would diverge from the first.`,
    hint: 'Give each target its own file: targets.<name>.warehouse = duckdb({ path }).',
    context: { path: filePath },
  })
}

function openError(filePath: string, error: unknown): CaudalError {
  const text = error instanceof Error ? error.message : String(error)
  if (/lock/i.test(text)) {
    const holder = /PID (\d+)/.exec(text)?.[1]
    return new CaudalError({
      code: 'CAUDAL_WAREHOUSE_LOCKED',
      message: `The database ${filePath} is held by another process${holder === undefined ? '' : ` (pid ${holder})`}. Nothing was read or written.`,
      hint: 'Close the program that has the file open (a DuckDB shell, a notebook), or use `caudal query`, which goes through the owner.',
      retryable: true,
      context: { path: filePath },
      cause: error,
    })
  }
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_UNREADABLE',
    message: `The database ${filePath} cannot be opened: ${text.split('\n')[0] ?? text}`,
    hint: 'A file of a newer DuckDB needs a newer Caudal; a damaged one can be rebuilt from the lake: move it away and run `caudal rebuild`.',
    context: { path: filePath },
    cause: error,
  })
}
