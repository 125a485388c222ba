import { WarehouseWorld } from '@caudal/testkit'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { openWarehouse } from '../src/index.ts'

test('a file may have the name of a schema', async () => {
  const open = (folder: string): ReturnType<typeof openWarehouse> =>
    openWarehouse({ path: 'crm.duckdb' }, { projectPath: folder })
  await using world = await WarehouseWorld.create({ open })
  await world.commit(await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }] }))
  const view = {
    kind: 'view',
    table: { schema: 'marts', name: 'all' },
    sql: 'SELECT * FROM crm.deals',
  } as const
  await world.warehouse.publish({ run: 'r', checks: [], models: [], publications: [view] })
  await world.reopen()
  assert.deepEqual(await world.rows('SELECT id FROM crm.deals'), [{ id: 'a' }])
  assert.deepEqual(await world.rows('SELECT id FROM marts.all'), [{ id: 'a' }])
})

test('a closed warehouse is one file: its log is in it', async () => {
  const open = (folder: string): ReturnType<typeof openWarehouse> =>
    openWarehouse({ path: 'crm.duckdb' }, { projectPath: folder })
  await using world = await WarehouseWorld.create({ open })
  await world.commit(await world.load({ rows: [{ id: 'a', amount: '1', updated: 1 }] }))
  await world.warehouse.close()
  assert.equal(existsSync(path.join(world.folder, 'crm.duckdb.wal')), false)
  await world.reopen().catch(() => undefined)
})
