import { DuckDBInstance } from '@duckdb/node-api'
import { columns } from './deals.ts'

/*
 * `node raw-duckdb.ts <file> <database>`: loads a file into a new database with declared types, and nothing else.
 */

const [file = '', database = ''] = process.argv.slice(2)
const declared = Object.entries(columns)
const struct = declared.map(([name, type]) => `'${name}': '${type}'`).join(', ')
const read = file.endsWith('.csv')
  ? `read_csv('${file}', columns = {${struct}}, header = true)`
  : file.endsWith('.ndjson')
    ? `read_json('${file}', columns = {${struct}}, format = 'newline_delimited')`
    : `read_parquet('${file}')`
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
await connection.run(`CREATE TABLE deals (${declared.map(([name, type]) => `${name} ${type}`).join(', ')})`)
const { rowsChanged } = await connection.run(`INSERT INTO deals SELECT * FROM ${read}`)
process.stdout.write(`${rowsChanged}\n`)
connection.closeSync()
instance.closeSync()
