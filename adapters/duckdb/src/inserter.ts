import type { Readers } from '@caudal/spec'
import { catalog, type Database } from './database.ts'
import { rows } from './rows.ts'
import { id } from './sql.ts'

/** Longest that a piece waits for readers: a dashboard that is asked all the time does not keep rows out. */
const patienceMs = 100

/** Rows on their way into a table. */
export interface Insertion {
  /** One of the file or, without a schema, a temporary one of the writer. */
  readonly target: { readonly schema?: string; readonly name: string }
  readonly columns: readonly string[]
  /** A query that has these columns. */
  readonly select: string
  /** Whether it reads temporary tables of the writer: then nobody else can run it. */
  readonly isWritersOwn: boolean
}

/**
 * Puts the rows of a query over files into a table, inside the writer's transaction. While dashboards are looked at, the query is read in
 * pieces of one chunk, each of which lets answers go first: one statement would hold a processor from its first row to its last.
 */
export class Inserter {
  readonly #database: Database
  readonly #readers: Readers | undefined

  constructor(database: Database, readers?: Readers) {
    this.#database = database
    this.#readers = readers
  }

  /** @returns how many rows were inserted. */
  async insert(insertion: Insertion): Promise<number> {
    const { target, columns, select, isWritersOwn } = insertion
    if (this.#readers?.areAround === true && !isWritersOwn)
      return this.#insertPieces(this.#readers, insertion)
    const list = columns.map(id).join(', ')
    const { rowsChanged } = await this.#database.writer.run(
      `INSERT INTO ${nameOf(target)} (${list}) SELECT ${list} FROM (${select})`,
    )
    return rowsChanged
  }

  async #insertPieces(readers: Readers, { target, columns, select }: Insertion): Promise<number> {
    const { writer } = this.#database
    const values = await rows(writer, `SELECT column_name, column_type FROM (DESCRIBE ${nameOf(target)})`)
    const list = values.map(({ column_name: name, column_type: type }) =>
      columns.includes(String(name))
        ? `CAST(${id(String(name))} AS ${String(type)})`
        : `NULL::${String(type)}`,
    )
    const appender = await writer.createAppender(
      target.name,
      target.schema ?? 'main',
      target.schema === undefined ? 'temp' : catalog,
    )
    try {
      return await this.#database.withConnection(async (reader) => {
        let inserted = 0
        const result = await reader.stream(`SELECT ${list.join(', ')} FROM (${select})`)
        for (;;) {
          await readers.gone(patienceMs)
          const chunk = await result.fetchChunk()
          if (chunk === null || chunk.rowCount === 0) return inserted
          appender.appendDataChunk(chunk)
          appender.flushSync()
          inserted += chunk.rowCount
        }
      })
    } finally {
      appender.closeSync()
    }
  }
}

function nameOf({ schema, name }: Insertion['target']): string {
  return schema === undefined ? id(name) : `${id(schema)}.${id(name)}`
}
