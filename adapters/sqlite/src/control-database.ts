import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CaudalError } from '@caudal/spec'
import type { Dialect } from 'kysely'
import { sqliteDialect } from './dialect.ts'

/** Where the control database lies and how long a writer waits. */
export interface OpenControlDatabaseOptions {
  /** Path of the file; it and its folder are created when absent. */
  readonly path: string
  /** How long a statement waits for another process's lock. Default: 5,000. */
  readonly busyTimeoutMs?: number
}

/** An open control database: what the engine's state needs of any control database. */
export interface SqliteControlDatabase {
  /** The absolute path, for messages. */
  readonly name: string
  readonly dialect: Dialect
  /**
   * Writes a consistent copy of the file beside it (`<path>.<label>.backup`, with a number when that exists).
   * @returns the path of the copy.
   */
  backup(label: string): Promise<string>
  /** Size of the file and its write-ahead log. */
  bytes(): number
  /** Closes the file; the second call does nothing. Kysely's `destroy` does the same. */
  close(): void
}

/**
 * Opens the embedded control database: write-ahead log, durable at every commit, foreign keys enforced, readable by its user alone
 * (it holds encrypted tokens).
 * @throws CaudalError `CAUDAL_CONTROL_UNREADABLE` when the file cannot be opened or is not a SQLite database; it is left as it was.
 */
export function openControlDatabase(options: OpenControlDatabaseOptions): SqliteControlDatabase {
  const path = resolve(options.path)
  const database = open(path, options.busyTimeoutMs ?? 5_000)
  return {
    name: path,
    dialect: sqliteDialect(database),
    backup: async (label) => {
      const copy = createPrivately(freeName(`${path}.${label}`))
      database.prepare('vacuum into ?').run(copy)
      return copy
    },
    bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
    close: () => {
      if (database.isOpen) database.close()
    },
  }
}

function open(path: string, busyTimeoutMs: number): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    if (existsSync(path)) restrict(path)
    else createPrivately(path)
    database = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
    database.exec('pragma journal_mode = wal; pragma synchronous = full')
    return database
  } catch (cause) {
    database?.close()
    throw unreadable(path, cause)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function restrict(path: string): void {
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
}

function createPrivately(path: string): string {
  closeSync(openSync(path, 'wx', 0o600))
  return path
}

function freeName(stem: string): string {
  let name = `${stem}.backup`
  for (let number = 2; existsSync(name); number++) name = `${stem}.${number}.backup`
  return name
}

function unreadable(path: string, cause: unknown): CaudalError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CaudalError({
    code: 'CAUDAL_CONTROL_UNREADABLE',
    message: `The control database ${path} cannot be opened: ${reason}. The file was not changed.`,
    hint: `Check that the folder is writable and that the file is a SQLite database; to start with an empty one (run history and stored tokens are lost), move it away: mv ${JSON.stringify(path)} ${JSON.stringify(`${path}.old`)}.`,
    context: { path },
    cause,
  })
}
