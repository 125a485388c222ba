import { DuckDBInstance } from '@duckdb/node-api'
import { WarehouseWorld } from '@caudal/testkit'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { openWarehouse } from '../src/index.ts'

test('a key sweep leaves the row whose new record in a Parquet file does not fit', async () => {
  await using world = await WarehouseWorld.create({
    open: (folder) => openWarehouse({ path: path.join(folder, 'test.duckdb') }, { projectPath: folder }),
  })
  const file = path.join(world.folder, 'deals.parquet')
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(
    `COPY (SELECT * FROM (VALUES ('a', '1.00', 2), ('b', 'much', 2)) t(id, amount, updated)) TO '${file}' (FORMAT parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
  const settings = { disposition: 'merge', primaryKey: ['id'], deletes: 'key sweep' } as const
  const rows = ['a', 'b', 'c'].map((id) => ({ id, amount: '1.00', updated: 1 }))
  await world.commit(await world.load({ settings, rows }))
  const id = world.nextLoadId()
  const { tables } = await world.commit(
    await world.load({
      id,
      settings: { ...settings, snapshot: { id, complete: true } },
      files: [{ format: 'parquet', content: await readFile(file) }],
    }),
  )
  assert.equal(tables[0]?.swept, 1)
  assert.deepEqual(await world.rows('SELECT id, updated FROM crm.deals ORDER BY id'), [
    { id: 'a', updated: '2' },
    { id: 'b', updated: '1' },
  ])
})
