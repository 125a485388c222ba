import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { openWarehouse } from '@caudal/duckdb'
import { runModelTests, startProject } from '@caudal/engine'

const example = path.join(import.meta.dirname, '..', '..', 'examples', 'sales')

test('the example has neither problems nor warnings, and its model tests pass', async (t) => {
  const { manifest, worker } = await startProject(example)
  t.after(() => worker.close())
  assert.deepEqual([...manifest.problems, ...(manifest.warnings ?? [])], [])
  const scratch = await openWarehouse({ path: ':memory:' }, { projectPath: example })
  t.after(() => scratch.close())
  const tables = manifest.sources.flatMap(({ streams }) =>
    streams.map(({ table, columns }) => ({ name: table, columns })),
  )
  const results = await runModelTests(
    manifest.tests,
    manifest.models,
    tables,
    scratch,
    AbortSignal.timeout(20_000),
  )
  assert.deepEqual(
    results.map(({ message }) => message),
    ['', '', '', '', ''],
  )
})

test('every model and metric of the example says what it is, and titles are in both languages', async (t) => {
  const { manifest, worker } = await startProject(example)
  t.after(() => worker.close())
  const silent = [
    ...manifest.models.filter(({ description, owner }) => !description || !owner).map(({ name }) => name),
    ...manifest.metrics.filter(({ description }) => description === '').map(({ name }) => name),
    ...manifest.dashboards.filter(({ title }) => title.en === title.es).map(({ name }) => name),
  ]
  assert.deepEqual(silent, [])
})
