import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { startProject } from '@caudal/engine'
import { Cli, root } from './cli.ts'

const example = path.join(root, 'examples', 'sales')
const cli = new Cli(example)

test('the example is proved without network, secrets and data: schemas, types and tiles agree', async () => {
  assert.match(await cli.run('verify'), /every column is there, up to the tile/)
})

test('the model tests of the example pass', async () => {
  assert.match(await cli.run('test'), /6 of 6 tests passed/)
})

test('the example has no warnings, and says in both languages what everything is', async (t) => {
  const { manifest, worker } = await startProject(example)
  t.after(() => worker.close())
  assert.deepEqual([...manifest.problems, ...(manifest.warnings ?? [])], [])
  const silent = [
    ...manifest.models.filter(({ description, owner }) => !description || !owner).map(({ name }) => name),
    ...manifest.metrics.filter(({ description }) => description === '').map(({ name }) => name),
    ...manifest.dashboards.filter(({ title }) => title.en === title.es).map(({ name }) => name),
  ]
  assert.deepEqual(silent, [])
})
