import { DuckDBInstance } from '@duckdb/node-api'
import { WarehouseWorld } from '@caudal/testkit'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { openWarehouse } from '../src/index.ts'

const rows = 500_000

/** A file of rows that do not compress: about 100 MB in the warehouse. */
async function writeNoise(file: string): Promise<void> {
  const noise = Array.from({ length: 12 }, (_, part) => `md5('${part} ' || i)`).join(' || ')
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT i::VARCHAR AS id, ${noise} AS amount, i AS updated
      FROM range(${rows}) t(i)) TO '${file}' (FORMAT parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
}

test('what loads wrote does not stay in memory, and queries that run meanwhile are answered', async () => {
  await using world = await WarehouseWorld.create({
    open: (folder) => openWarehouse({ path: path.join(folder, 'test.duckdb') }, { projectPath: folder }),
  })
  const file = path.join(world.folder, 'deals.parquet')
  await writeNoise(file)
  const cached = async (): Promise<number> => {
    const [row] = await world.rows(
      `SELECT sum(memory_usage_bytes) // 1000000 AS megabytes FROM duckdb_memory() WHERE tag = 'BASE_TABLE'`,
    )
    return Number(row?.['megabytes'])
  }
  const columns = [
    { name: 'id', type: { kind: 'text' } },
    { name: 'amount', type: { kind: 'text' } },
    { name: 'updated', type: { kind: 'integer' } },
  ] as const
  const settings = { disposition: 'append', primaryKey: [] } as const
  const load = await world.load({
    columns,
    settings,
    files: [{ format: 'parquet', content: await readFile(file) }],
  })
  const commit = world.commit(load)
  for (let asked = 0; asked < 10; asked++) {
    const answer = await world.rows('SELECT count(DISTINCT md5(i::VARCHAR)) AS n FROM range(100000) t(i)')
    assert.deepEqual(answer, [{ n: '100000' }])
  }
  await commit
  await world.commit(await world.load({ columns, settings, rows: [{ id: 'a', amount: '1', updated: 1 }] }))
  assert.deepEqual(await world.rows('SELECT count(*) AS n FROM crm.deals'), [{ n: String(rows + 1) }])
  const megabytes = await cached()
  assert.ok(megabytes < 70, `${megabytes} MB are cached`)
})
