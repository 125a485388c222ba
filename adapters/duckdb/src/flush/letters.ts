import { isUtf8 } from 'node:buffer'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { EventLetter, FlushLoad } from '@caudal/spec'
import { lit } from '../sql.ts'

/** Keeps the events that could not be worked on. */
export async function keepLetters(connection: DuckDBConnection, load: FlushLoad): Promise<void> {
  if (load.letters.length === 0) return
  const first = load.tables[0]?.table ?? { schema: '', name: '' }
  const values = load.letters.map((letter) => letterValues(load, { table: first, ...letter }))
  await connection.run(
    `INSERT INTO _caudal.dead_letters (load, source, stream, schema_name, table_name, origin, line, column_name, reason, raw, status,
      operator, attempt, raw_bytes) VALUES ${values.join(', ')}`,
  )
}

function letterValues(load: FlushLoad, letter: EventLetter & Required<Pick<EventLetter, 'table'>>): string {
  const { table, partition, offset, column, reason, raw, operator, attempt } = letter
  const isText = isUtf8(raw)
  const texts = [
    load.id,
    load.pipeline,
    load.topic,
    table.schema,
    table.name,
    `${load.topic}/${partition}`,
  ].map(lit)
  const bytes = isText ? 'NULL' : `unhex(${lit(Buffer.from(raw).toString('hex'))})`
  return `(${texts.join(', ')}, ${offset}, ${column === undefined ? 'NULL' : lit(column)}, ${lit(reason)},
    ${lit(Buffer.from(raw).toString('utf8'))}, 'open', ${lit(operator)}, ${attempt}, ${bytes})`
}
