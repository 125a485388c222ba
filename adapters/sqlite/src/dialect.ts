import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { SqliteDialect, type Dialect } from 'kysely'

/**
 * Node's own SQLite as a Kysely dialect. Transactions begin `immediate`: they take the write lock at once and wait for it under the
 * busy timeout, where a deferred one that reads first would fail without waiting.
 * Booleans are stored as 0 and 1; Kysely's `destroy` closes the database.
 */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return new SqliteDialect({
    database: {
      close: () => {
        if (database.isOpen) database.close()
      },
      prepare: (text) => {
        const statement = database.prepare(text === 'begin' ? 'begin immediate' : text)
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...parameters.map(toSqlite)),
          run: (parameters) => statement.run(...parameters.map(toSqlite)),
          iterate: (parameters) => statement.iterate(...parameters.map(toSqlite)),
        }
      },
    },
  })
}

function toSqlite(value: unknown): SQLInputValue {
  return typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)
}
