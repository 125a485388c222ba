import type { NodeHealth } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Owner } from '../../src/index.ts'
import { openOwner, projectFolder, run } from './open-owner.ts'

const metric = `import { count, metric } from '@caudal/authoring'

export const deals = metric({ from: 'marts.revenue', time: 'at', value: count(), label: 'Deals' })
`
const model = `/* ---
materialization: table
columns:
  amount: { checks: [{ range: { min: 0 } }] }
--- */
select amount, timestamp '2026-03-01 00:00:00' as at from crm.deals
`

const quiet = `import { defineSource } from '@caudal/authoring'

export const quiet = defineSource({ streams: { letters: { columns: {}, read: async function* () {} } } })
`

async function project(
  t: TestContext,
  sources: Readonly<Record<string, string>> = {},
): Promise<{ owner: Owner; write: (amount: string) => Promise<void> }> {
  const folder = await projectFolder(t)
  const input = path.join(folder, 'input')
  for (const name of [input, path.join(folder, 'metrics')]) await mkdir(name, { recursive: true })
  await writeFile(path.join(folder, 'metrics', 'deals.ts'), metric)
  await writeFile(path.join(folder, 'models', 'marts', 'revenue.sql'), model)
  for (const [name, code] of Object.entries(sources))
    await writeFile(path.join(folder, 'sources', `${name}.ts`), code)
  let updated = 0
  const write = (amount: string): Promise<void> =>
    writeFile(
      path.join(input, 'deals.json'),
      amount === '' ? 'not JSON' : JSON.stringify([{ id: 'a', amount, stage: 'won', updated: ++updated }]),
    )
  await write('1.00')
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  return { owner, write }
}

/** Reads a source and builds nothing. */
async function readSource(owner: Owner, source: string): Promise<void> {
  const { id } = await owner.runs.start({ select: [`source:${source}`], trigger: 'test' })
  await owner.idle()
  assert.equal((await owner.runs.get(id)).state, 'succeeded')
}

async function healths(owner: Owner): Promise<Record<string, NodeHealth>> {
  const { nodes } = await owner.graph()
  return Object.fromEntries(nodes.map(({ id, health }) => [id, health]))
}

test('before the first run nothing has run, after it all is well', async (t) => {
  const { owner } = await project(t)
  assert.deepEqual(await healths(owner), {
    'source:crm': 'never ran',
    'crm.deals': 'never ran',
    'marts.revenue': 'never ran',
    'metric:deals': 'ok',
  })
  await run(owner)
  assert.deepEqual([...new Set(Object.values(await healths(owner)))], ['ok'])
})

test('a stream that was read and was empty did run', async (t) => {
  const { owner } = await project(t, { quiet })
  await readSource(owner, 'quiet')
  assert.equal((await owner.status()).tables.find(({ table }) => table === 'quiet.letters')?.health, 'ok')
  assert.equal((await healths(owner))['quiet.letters'], 'ok')
})

test('what the warehouse has not taken over from its log counts as its size', async (t) => {
  const { owner } = await project(t)
  await readSource(owner, 'crm')
  const { warehouseBytes } = (await owner.status()).disk
  assert.ok(warehouseBytes > 1000, String(warehouseBytes))
})

test('a check that fails is shown at its model with its rows, until a run is good again', async (t) => {
  const { owner, write } = await project(t)
  await run(owner)
  await write('-1.00')
  await run(owner)
  assert.deepEqual(await healths(owner), {
    'source:crm': 'ok',
    'crm.deals': 'ok',
    'marts.revenue': 'failing',
    'metric:deals': 'late',
  })
  const { nodes } = await owner.graph()
  const failing = nodes.find(({ id }) => id === 'marts.revenue')
  assert.equal(failing?.error?.code, 'CAUDAL_CHECKS_FAILED')
  assert.deepEqual(failing.failingChecks[0]?.examples, [{ amount: '-1.00', at: '2026-03-01T00:00:00' }])
  const { tables } = await owner.status()
  assert.equal(tables.find(({ table }) => table === 'marts.revenue')?.health, 'failing')
  await write('2.00')
  await run(owner)
  assert.equal((await healths(owner))['marts.revenue'], 'ok')
})

test('a source that cannot be read is failing with its tables, and a run without news does not hide it', async (t) => {
  const { owner, write } = await project(t)
  await run(owner)
  await write('')
  await run(owner)
  assert.equal((await healths(owner))['source:crm'], 'failing')
  assert.equal((await healths(owner))['crm.deals'], 'failing')
  const { id } = await owner.runs.start({ select: ['marts.revenue'], trigger: 'test' })
  await owner.idle()
  assert.equal((await owner.runs.get(id)).state, 'succeeded')
  assert.equal((await healths(owner))['source:crm'], 'failing')
})
