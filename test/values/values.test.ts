import { openControlState, Owner, startProject } from '@caudal/engine'
import { openWarehouse } from '@caudal/duckdb'
import { openControlDatabase } from '@caudal/sqlite'
import type { JsonValue } from '@caudal/spec'
import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { rowsOf } from '../crash/warehouse-file.ts'
import { hardValues, type HardValue } from './table.ts'

const root = path.join(import.meta.dirname, '..', '..')
const page = path.join(root, 'docs', 'values.md')

const doors = ['object', 'ndjson', 'api', 'csv', 'parquet'] as const
type Door = (typeof doors)[number]

/** How a value is given at a door. */
const given: Readonly<Record<Door, keyof Pick<HardValue, 'object' | 'json' | 'csv' | 'parquet'>>> = {
  object: 'object',
  ndjson: 'json',
  api: 'json',
  csv: 'csv',
  parquet: 'parquet',
}

/** The project with a source for each door. */
async function project(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-values-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(path.join(import.meta.dirname, 'fixtures', 'project'), folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  const record = `{${hardValues.map(({ json }, index) => `"v${index}":${json}`).join(',')}}`
  await writeFile(path.join(folder, 'values.ndjson'), `${record}\n`)
  const header = hardValues.map((_, index) => `v${index}`).join(',')
  await writeFile(
    path.join(folder, 'values.csv'),
    `${header}\n${hardValues.map(({ csv }) => csv).join(',')}\n`,
  )
  await writeParquet(path.join(folder, 'values.parquet'))
  const url = await serve(t, `[${record}]`)
  await mkdir(path.join(folder, 'sources'))
  await writeFile(path.join(folder, 'sources', 'all.ts'), sources(url))
  return folder
}

async function writeParquet(file: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const columns = hardValues.map(({ parquet }, index) => `${parquet} AS v${index}`)
  await connection.run(`SET TimeZone = 'UTC'`)
  await connection.run(`COPY (SELECT ${columns.join(', ')}) TO '${file}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

async function serve(t: TestContext, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

function sources(url: string): string {
  const columns = hardValues.map(({ type }, index) => `v${index}: ${type}`).join(', ')
  const row = hardValues.map(({ object }, index) => `v${index}: ${object}`).join(', ')
  const builders = [...new Set(hardValues.map(({ type }) => type.split('(')[0] ?? ''))]
  return `import { columns, defineSource, ${builders.join(', ')} } from '@caudal/authoring'
import { files } from '@caudal/files'
import { rest } from '@caudal/rest'
const table = { ${columns} }
export const object = defineSource({ streams: { items: { columns: table, async *read() { yield [{ ${row} }] as never } } } })
const restColumns = Object.fromEntries(columns(table).map(({ name, type }) => [name, { type }]))
const file = (path: string) => files({ streams: { items: { path, columns: columns(table) } } })
export const ndjson = file('values.ndjson')
export const csv = file('values.csv')
export const parquet = file('values.parquet')
export const api = rest({ baseUrl: '${url}', streams: { items: { path: '/items', columns: restColumns, paginate: { kind: 'none' } } } })
`
}

function expectedAt(door: Door, value: HardValue): JsonValue {
  return value.except?.[given[door]]?.stored ?? value.stored
}

test('hard values come through every door as they are', async (t) => {
  const folder = await project(t)
  const control = await openControlState(
    openControlDatabase({ path: path.join(folder, 'data', 'control.sqlite') }),
    { release: 'test' },
  )
  const owner = await Owner.open({ project: await startProject(folder), control })
  t.after(() => owner.close())
  const { id } = await owner.runs.start({ select: [], trigger: 'test' })
  await owner.idle()
  const run = await owner.runs.get(id)
  const letters = await owner.warehouse.state.deadLetters({ limit: 50 })
  assert.equal(
    run.state,
    'succeeded',
    JSON.stringify([run.error, letters.map((letter) => [letter.source, letter.column, letter.reason])]),
  )
  const wrong: string[] = []
  for (const door of doors) {
    const [row] = await rowsOf(owner.warehouse, `SELECT * FROM ${door}.items`)
    for (const [index, value] of hardValues.entries()) {
      const found = row?.[`v${index}`]
      if (found !== expectedAt(door, value))
        wrong.push(`${door}: ${value.what}: ${JSON.stringify(found)?.slice(0, 80)}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('a leap second is a dead letter with its text, not another second', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-leap-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const warehouse = await openWarehouse({ path: 'leap.duckdb' }, { projectPath: folder })
  t.after(() => warehouse.close())
  await writeFile(
    path.join(folder, 'leap.ndjson'),
    '{"at":"2016-12-31T23:59:60Z"}\n{"at":"2016-12-31T23:59:59Z"}\n',
  )
  const file = {
    key: 'leap.ndjson',
    format: 'ndjson',
    sha256: '',
    bytes: 1,
    rows: 2,
    fields: ['at'],
    origin: 'leap',
  } as const
  const table = {
    table: { schema: 'crm', name: 'leaps' },
    stream: 'leaps',
    generation: 0,
    columns: [{ name: 'at', type: { kind: 'timestamptz' } }],
    isTyped: true,
    disposition: 'append',
    primaryKey: [],
    deletes: 'none',
    contract: { columns: 'evolve', types: 'evolve' },
    files: [file],
    filtered: 0,
  } as const
  const load = { id: '1790000000000000', source: 'crm', run: 'r', tables: [table], positions: [] }
  await warehouse.commit(load, (key) => path.join(folder, key), AbortSignal.timeout(10_000))
  const [letter] = await warehouse.state.deadLetters({ limit: 9 })
  assert.equal(letter?.raw, '{"at":"2016-12-31T23:59:60Z"}')
})

test('docs/values.md shows the table that is tested', async () => {
  const rows = hardValues.map((value) => {
    const exception = Object.entries(value.except ?? {}).map(
      ([door, { stored, why }]) => `${door}: \`${stored}\` (${why})`,
    )
    const cells = [
      value.what,
      `\`${value.type}\``,
      ...[value.object, value.json, value.csv].map(shown),
      shown(String(value.stored)),
      exception.join('; ') || 'all doors alike',
      value.others ?? '',
    ]
    return `| ${cells.join(' | ')} |`
  })
  const text = await readFile(page, 'utf8')
  const missing = rows.filter((row) => !text.includes(row))
  assert.deepEqual(missing, [], `docs/values.md lacks rows; they are:\n${rows.join('\n')}`)
})

/** A value as the page shows it: short, on one line, invisible characters by their escapes. */
function shown(value: string): string {
  const short = value.length > 60 ? `${value.slice(0, 20)}…` : value
  const visible = JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"').replaceAll('|', '\\|')
  return visible === '' ? '(nothing)' : `\` ${visible} \``
}
