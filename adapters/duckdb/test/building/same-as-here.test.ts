import type { Warehouse } from '@caudal/spec'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { openWarehouse } from '../../src/index.ts'
import { TestReaders } from './readers.ts'

const signal = new AbortController().signal
const folder = await mkdtemp(path.join(tmpdir(), 'caudal-build-'))
after(() => rm(folder, { recursive: true, force: true }))

/** One column for each type that a table can have, NULL in every third row. */
const everyType = `
  SELECT i AS id, i % 60 AS person, v.* FROM range(260000) r(i) POSITIONAL JOIN (
    SELECT CASE WHEN i % 3 > 0 THEN (i % 2 = 0) END AS boolean, CASE WHEN i % 3 > 0 THEN (i % 100)::TINYINT END AS tiny,
      CASE WHEN i % 3 > 0 THEN 170141183460469231731687303715884105727::HUGEINT - i END AS huge, CASE WHEN i % 3 > 0 THEN (i % 7)::UBIGINT END AS whole,
      CASE WHEN i % 3 > 0 THEN (i / 8.0)::DECIMAL(38, 10) END AS money, CASE i % 4 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN '-inf'::DOUBLE WHEN 2 THEN i / 3 END AS double,
      CASE i % 3 WHEN 1 THEN '' WHEN 2 THEN 'ñandú ' || i END AS text, CASE WHEN i % 3 > 0 THEN ('\\x00\\xFF')::BLOB END AS bytes,
      DATE '2024-02-28' + (i % 4)::INTEGER AS date, CASE WHEN i % 3 > 0 THEN TIME '23:59:59.999999' END AS time,
      TIMESTAMP '2026-10-25 02:30:00.123456' AS timestamp, make_timestamp_ns(1700000000000000001 + i) AS nanos,
      TIMESTAMPTZ '2026-10-25 02:30:00.123456+02' + to_seconds(i % 5) AS instant, INTERVAL 1 MONTH AS span,
      '00000000-0000-0000-0000-000000000001'::UUID AS uuid, '{"b": [1, null], "a": 1.50}'::JSON AS json,
      [i, NULL]::BIGINT[] AS list, {'x': i, 'y': NULL::VARCHAR} AS struct, MAP {'k': i} AS map, 'b'::ENUM('a', 'b') AS choice, '0101'::BIT AS bits
    FROM range(260000) r(i)) v`

/** Models over it, over a view of it, and over what is not copied. */
const models: Readonly<Record<string, string>> = {
  everything: 'SELECT * FROM big.types',
  'few columns of a view': `SELECT person, count(*) AS n, sum(money) AS money, max(instant) AS last, min(text) AS text FROM big.seen
    WHERE whole IS NOT NULL GROUP BY person ORDER BY person`,
  'rows alone':
    'SELECT person.column0 AS n FROM big.types, (VALUES (1), (2)) AS person(column0) WHERE random() >= 0',
  'a join with a common table': `WITH p AS MATERIALIZED (SELECT person, list(id ORDER BY id)[1:3] AS ids FROM big.types GROUP BY person)
    SELECT t.id, p.ids, t.instant::DATE AS day FROM big.types AS t JOIN p USING (person) WHERE t.id < 1000 ORDER BY t.id`,
}

/** Columns with their types, some rows in the order in which they lie, and a sum over all of them. */
const looks = [
  'DESCRIBE _caudal_build.m',
  'SELECT * FROM _caudal_build.m WHERE rowid % 1009 < 3',
  'SELECT count(*) AS n, bit_xor(hash(m.rowid, m)) AS sum FROM _caudal_build.m AS m',
]

async function fill(warehouse: Warehouse): Promise<void> {
  const built = { schema: '_caudal_build', name: 'types' }
  await warehouse.build(built, everyType, {}, signal)
  await warehouse.publish({
    run: 'r1',
    publications: [
      { kind: 'table', table: { schema: 'big', name: 'types' }, built },
      { kind: 'view', table: { schema: 'big', name: 'seen' }, sql: 'SELECT * FROM big.types WHERE id >= 10' },
    ],
    checks: [],
    models: [],
  })
}

async function contentOf(warehouse: Warehouse, sql: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const chunk of warehouse.query(sql, {}, signal)) found.push(chunk.columns, chunk.values)
  return found
}

test('what a child builds is what the owner builds: rows, types, NULLs', async (t) => {
  const readers = new TestReaders()
  const warehouse = await openWarehouse({ path: 'same.duckdb' }, { projectPath: folder, readers })
  const alone = await openWarehouse({ path: 'alone.duckdb' }, { projectPath: folder })
  try {
    await Promise.all([fill(warehouse), fill(alone)])
    for (const [name, sql] of Object.entries(models)) {
      await t.test(name, async () => {
        const table = { schema: '_caudal_build', name: 'm' }
        const before = readers.children
        const rows = await warehouse.build(table, sql, {}, signal)
        assert.equal(readers.children, before + 1, 'a child made it')
        assert.equal(await alone.build(table, sql, {}, signal), rows)
        for (const look of looks) {
          assert.deepEqual(await contentOf(warehouse, look), await contentOf(alone, look))
        }
      })
    }
    assert.equal(existsSync(path.join(folder, 'same.duckdb.build')), false, 'nothing is left')
  } finally {
    await warehouse.close()
    await alone.close()
  }
})

test('what is short, and what cannot be copied, the owner builds', async () => {
  const readers = new TestReaders()
  const warehouse = await openWarehouse({ path: 'here.duckdb' }, { projectPath: folder, readers })
  try {
    await fill(warehouse)
    const table = { schema: '_caudal_build', name: 'm' }
    const catalogue = `SELECT count(*) AS n FROM big.types, duckdb_tables() WHERE schema_name = 'big'`
    assert.equal(await warehouse.build(table, catalogue, {}, signal), 1)
    assert.equal(await warehouse.build(table, 'SELECT * FROM range(300000)', {}, signal), 300_000)
    assert.equal(readers.children, 0)
    assert.equal(await warehouse.build(table, 'SELECT rowid AS row, id FROM big.types', {}, signal), 260_000)
    assert.equal(readers.children, 1, 'a child found out that it cannot')
  } finally {
    await warehouse.close()
  }
})
