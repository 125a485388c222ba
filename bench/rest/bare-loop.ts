import { DuckDBInstance } from '@duckdb/node-api'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import path from 'node:path'
import { request } from 'undici'

/*
 * What one would write by hand: page after page, parsed, written as lines, read by one `read_json` into a table. No check, no retry,
 * nothing durable, nothing to go on from.
 */

const [url = '', folder = ''] = process.argv.slice(2)
const file = path.join(folder, 'deals.ndjson')
const out = createWriteStream(file)
for (let from: string | null = '0'; from !== null;) {
  const { body } = await request(`${url}/deals?offset=${from}&limit=100`)
  const page = (await body.json()) as { data: unknown[]; next: string | null }
  let lines = ''
  for (const record of page.data) lines += `${JSON.stringify(record)}\n`
  if (!out.write(lines)) await once(out, 'drain')
  from = page.next
}
out.end()
await once(out, 'finish')
const instance = await DuckDBInstance.create(path.join(folder, 'bare.duckdb'))
const connection = await instance.connect()
await connection.run(`CREATE TABLE deals AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {
  id: 'BIGINT', name: 'VARCHAR', stage: 'VARCHAR', amount: 'DECIMAL(18,2)', probability: 'BIGINT', owner_id: 'BIGINT',
  account_id: 'BIGINT', is_won: 'BOOLEAN', closes_on: 'DATE', updated_at: 'TIMESTAMPTZ' })`)
const count = await connection.runAndReadAll('SELECT count(*) FROM deals')
process.stdout.write(`${String(count.getRows()[0]?.[0])}\n`)
connection.closeSync()
instance.closeSync()
