import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ScriptedProject } from './scripted-project.ts'

const row = (id: string): { id: string; amount: string; updated: number } => ({
  id,
  amount: '1.00',
  updated: 1,
})
const ids = 'SELECT id FROM crm.deals ORDER BY id'

test('a complete read that broke off at no place begins anew: no row is there twice', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'replace' }
  const broken = [{ rows: [row('a')] }, { rows: [row('b')] }, { fails: 'the line is cut' }]
  await project.script('crm', { deals: { stream, reads: { any: broken } } })
  assert.equal((await project.run()).state, 'failed')
  const whole = [{ rows: [row('a')] }, { rows: [row('b')] }, { rows: [row('c')], complete: true as const }]
  await project.script('crm', { deals: { stream, reads: { any: whole } } })
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']])
})

test('a complete read that broke off at a place goes on there', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'replace' }
  const reads = {
    null: [
      { rows: [row('a')], position: 1 },
      { rows: [row('b')], position: 2 },
      { fails: 'the line is cut' },
    ],
    1: [{ rows: [row('b'), row('c')], complete: true as const }],
    2: [{ rows: [row('c')], complete: true as const }],
  }
  await project.script('crm', { deals: { stream, reads } })
  assert.equal((await project.run()).state, 'failed')
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']])
})

test('a complete read does not go on from the position of the one before it', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'replace' }
  await project.script('crm', {
    deals: { stream, reads: { null: [{ rows: [row('a'), row('b')], position: 7, complete: true }] } },
  })
  await project.run()
  await project.script('crm', {
    deals: {
      stream,
      reads: { 7: [{ rows: [row('c')] }, { rows: [row('d')] }, { fails: 'the line is cut' }], null: [] },
    },
  })
  await project.run()
  await project.script('crm', {
    deals: {
      stream,
      reads: { null: [{ rows: [row('a'), row('c')], complete: true }], 7: [{ complete: true }] },
    },
  })
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['c']])
})

test('a full read of a stream that is appended to takes the place of its rows', async (t) => {
  const project = await ScriptedProject.create(t)
  const reads = {
    null: [{ rows: [row('a'), row('b')], position: 2 }],
    2: [{ rows: [row('c')], position: 3 }],
    3: [{ rows: [row('d')], position: 4 }],
    full: [{ rows: [row('a'), row('b'), row('c')], position: 3, complete: true as const }],
  }
  await project.script('crm', { deals: { stream: { disposition: 'append' }, reads } })
  await project.run()
  await project.run()
  await project.run({ full: true })
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']])
  await project.run()
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c'], ['d']])
})

test('a read that began at a position cannot say what was deleted', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'merge', primaryKey: ['id'], deletes: 'key sweep' }
  const reads = {
    null: [{ rows: [row('a'), row('b')], position: 2, complete: true as const }],
    2: [{ rows: [row('b')], position: 3, complete: true as const }],
  }
  await project.script('crm', { deals: { stream, reads } })
  await project.run()
  const red = await project.run()
  assert.equal(red.error?.code, 'CAUDAL_SOURCE_COMPLETE')
  assert.deepEqual(await project.rows(ids), [['a'], ['b']])
})

test('a history table takes versions after a reset', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'history', primaryKey: ['id'], order: 'updated' }
  await project.script('crm', { deals: { stream, reads: { any: [{ rows: [row('a')], position: 1 }] } } })
  await project.run()
  const reset = await project.run({ operation: { kind: 'reset', tables: ['crm.deals'] } })
  assert.equal(reset.state, 'succeeded', JSON.stringify(reset.error))
  const again = await project.run()
  assert.equal(again.state, 'succeeded', JSON.stringify(again.error))
  assert.deepEqual(await project.rows('SELECT id, _caudal_valid_from FROM crm.deals'), [['a', '1']])
})

test('a full read of a stream that is appended to and that breaks off leaves the table and its position', async (t) => {
  const project = await ScriptedProject.create(t)
  const reads = {
    null: [{ rows: [row('a'), row('b')], position: 2 }],
    full: [
      { rows: [row('a')], position: 1 },
      { rows: [row('b')], position: 2 },
      { fails: 'the line is cut' },
    ],
    1: [{ rows: [row('b')], position: 2 }],
    2: [{ rows: [row('c')], position: 3 }],
  }
  await project.script('crm', { deals: { stream: { disposition: 'append' }, reads } })
  await project.run()
  assert.equal((await project.run({ full: true })).state, 'failed')
  assert.deepEqual(await project.rows(ids), [['a'], ['b']])
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['b'], ['c']])
})

test('a sweep that cannot tell what is gone is withheld, and the run is red until the records are mended', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'merge', primaryKey: ['id'], deletes: 'key sweep' }
  const reading = (rows: readonly object[]) => ({
    deals: { stream, reads: { any: [{ rows: rows as never, complete: true as const }] } },
  })
  await project.script('crm', reading([row('a'), row('b'), row('c')]))
  assert.equal((await project.run()).state, 'succeeded')
  await project.script('crm', reading([row('a'), { ...row('b'), amount: 'much' }]))
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a'], ['b']])
  await project.script('crm', reading([row('a'), { ...row('b'), id: null }]))
  const red = await project.run()
  assert.equal(red.state, 'failed')
  assert.equal(red.error?.code, 'CAUDAL_LOAD_SWEEP_WITHHELD')
  assert.match(red.error.message, /crm\.deals: .* did not have 1 of the table's rows/)
  assert.deepEqual(await project.rows(ids), [['a'], ['b']])
  await project.script('crm', reading([row('a')]))
  assert.equal((await project.run()).state, 'succeeded')
  assert.deepEqual(await project.rows(ids), [['a']])
})

test('a complete read never replaces a history: the versions of what is gone end', async (t) => {
  const project = await ScriptedProject.create(t)
  const stream = { disposition: 'history', primaryKey: ['id'], deletes: 'full re-sync' }
  const read = async (...deals: string[]): Promise<void> => {
    const any = [{ rows: deals.map(row), complete: true as const }]
    await project.script('crm', { deals: { stream, reads: { any } } })
    const { state, error } = await project.run()
    assert.equal(state, 'succeeded', error?.message)
  }
  await read('a', 'b')
  await read('a')
  const versions = 'SELECT id, _caudal_valid_to IS NULL FROM crm.deals ORDER BY id'
  assert.deepEqual(await project.rows(versions), [
    ['a', true],
    ['b', false],
  ])
})

test('a key that is missing or misspelt is told before anything is staged, and its mend goes on', async (t) => {
  const project = await ScriptedProject.create(t)
  const any = [{ rows: [row('a')], complete: true as const }]
  for (const [stream, said] of [
    [{ disposition: 'merge' }, /no `primaryKey`/],
    [{ disposition: 'history', deletes: 'key sweep' }, /no `primaryKey`/],
    [{ disposition: 'append', deletes: 'key sweep' }, /no `primaryKey`/],
    [{ disposition: 'merge', primaryKey: ['ix'] }, /Did you mean `id`\?/],
    [{ disposition: 'merge', primaryKey: ['id'], order: 'update' }, /Did you mean `updated`\?/],
  ] as const) {
    await project.script('crm', { deals: { stream, reads: { any } } })
    const { state, error } = await project.run()
    assert.equal(state, 'failed')
    assert.match(error?.message ?? '', said)
  }
  const mended = { disposition: 'merge', primaryKey: ['id'], order: 'updated' }
  await project.script('crm', { deals: { stream: mended, reads: { any } } })
  const { state, error } = await project.run()
  assert.equal(state, 'succeeded', error?.message)
  assert.deepEqual(await project.rows(ids), [['a']])
})
