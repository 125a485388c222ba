import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { runModelTests } from '@caudal/engine'
import { compile, tables } from './project.ts'
import { memoryWarehouse } from './warehouse.ts'

test('the models and the test of the documentation compile and pass', async () => {
  const page = await readFile(new URL('../../../../docs/models.md', import.meta.url), 'utf8')
  const files = Object.fromEntries(
    [...page.matchAll(/```(?:sql|yaml)\n((?:--|#) (models\/\S+)\n[^]*?)```/g)].map(
      ([, text = '', path = '']) => [path, text],
    ),
  )
  assert.deepEqual(Object.keys(files), [
    'models/marts/sdr_revenue.sql',
    'models/marts/daily_deals.sql',
    'models/marts/sdr_revenue.test.yaml',
  ])
  const { models, tests, checks, problems, warnings } = await compile(files)
  assert.deepEqual(
    [...problems, ...warnings].map((problem) => problem.message),
    [],
  )
  assert.equal(checks.length, 6)
  const scratch = await memoryWarehouse()
  const results = await runModelTests(tests, models, tables, scratch, AbortSignal.timeout(10_000))
  await scratch.close()
  assert.deepEqual(
    results.map((result) => result.message),
    [''],
  )
})
