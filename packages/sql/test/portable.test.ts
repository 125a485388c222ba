import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { portableFunctions, renderPortable } from '@caudal/sql'
import { startPostgres, type PostgresServer } from '@caudal/testkit'

/** Expression → its value as text, the same on every warehouse. */
const values: Readonly<Record<string, string | null>> = {
  "days_between(timestamp '2026-01-01 23:59:00', timestamp '2026-01-02 00:01:00')": '1',
  "days_between(date '2026-03-01', date '2026-02-01')": '-28',
  "months_between(date '2026-01-31', date '2026-02-01')": '1',
  "months_between(date '2025-11-30', timestamp '2026-01-01 00:00:00')": '2',
  "seconds_between(timestamp '2026-01-01 00:00:00', timestamp '2026-01-01 00:01:30.5')": '90.5',
  'safe_divide(1, 4)': '0.25',
  'safe_divide(1, 0)': null,
  'safe_divide(safe_divide(1, 2), safe_divide(2, 1))': '0.25',
  'round_to(2.345, 2)': '2.350000000',
  'round_to(-2.5, 0)': '-3.000000000',
  "month_end(date '2024-02-10')": '2024-02-29',
  "month_end(timestamp '2026-12-31 12:00:00')": '2026-12-31',
  "matches('Acme, Inc', 'Inc$')": 'true',
  "matches('Acme', '^me')": 'false',
  "try_integer(' 42 ')": '42',
  "try_integer('4.2')": null,
  "try_decimal('-12.50')": '-12.500000000',
  "try_decimal('12,50')": null,
  "try_date('2026-02-28')": '2026-02-28',
  "try_date('2026-02-30')": null,
  "try_date('28/02/2026')": null,
}

let connection: DuckDBConnection
let postgres: PostgresServer

before(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`set timezone = 'UTC'`)
  postgres = await startPostgres()
})

after(async () => {
  connection.closeSync()
  await postgres.close()
})

for (const [expression, expected] of Object.entries(values)) {
  test(`${expression} on DuckDB`, async () => {
    const sql = renderPortable(`select cast(${expression} as varchar) as value`, 'duckdb')
    const result = await connection.runAndReadAll(sql)
    assert.equal(result.getRowsJson()[0]?.[0], expected)
  })

  test(`${expression} on PostgreSQL (real)`, async () => {
    const sql = renderPortable(`select cast(${expression} as varchar) as value`, 'postgresql')
    const { rows } = await postgres.client.query<{ value: string | null }>(sql)
    assert.equal(rows[0]?.value, expected)
  })
}

test('every portable function has a value above', () => {
  const expressions = Object.keys(values).join()
  for (const { name } of portableFunctions) assert.ok(expressions.includes(`${name}(`), name)
})

test('each dialect has its own text', () => {
  assert.equal(
    renderPortable('select matches(name, f(a, b)) from t', 'postgresql'),
    'select ((name) ~ (f(a, b))) from t',
  )
  assert.equal(
    renderPortable('select matches(name, f(a, b)) from t', 'duckdb'),
    'select regexp_matches(name, f(a, b)) from t',
  )
})

test('columns, strings and other counts of arguments stay as they are', () => {
  const sql = `select matches, 'matches(a, b)', t.matches(a, b), matches(a), $interval_start from t -- matches(a, b)`
  assert.equal(renderPortable(sql, 'postgresql'), sql)
})

test('the README lists every portable function with its description', async () => {
  const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  for (const { name, parameters, description } of portableFunctions) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}(${parameters.join(', ')})\``))
    assert.ok(row?.includes(description), name)
  }
})
