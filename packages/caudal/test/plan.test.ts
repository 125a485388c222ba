import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { caudal, edit, project } from './cli-project.ts'

/** Two models below `crm.deals`, one of them with a tag, and one that fills days. */
async function planned(t: TestContext): Promise<string> {
  const folder = await project(t)
  await model(folder, 'staging/deals', 'tags: [nightly]', 'select id, amount, stage from crm.deals')
  await model(folder, 'marts/won', '', "select id, amount from staging.deals where stage = 'won'")
  await model(
    folder,
    'marts/daily',
    `materialization: incremental\nincremental: { time: day, grain: day, start: '${daysAgo(10)}' }`,
    'select $interval_start as day, count(*) as deals from crm.deals where $interval_end > $interval_start group by 1',
  )
  return folder
}

async function model(folder: string, name: string, header: string, sql: string): Promise<void> {
  const file = path.join(folder, 'models', `${name}.sql`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `/* ---\n${header}\n--- */\n${sql}\n`)
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

interface Planned {
  readonly plan: {
    readonly stages: readonly { kind: string; model?: string; source?: string; action?: string }[]
  }
}

/** What is chosen: sources and models that are not skipped. */
async function chosen(folder: string, ...select: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await caudal(folder, 'plan', '--json', ...select)
  assert.equal(code, 0, stderr)
  const { stages } = (JSON.parse(stdout) as Planned).plan
  return stages
    .flatMap((stage) => (stage.kind === 'extract' ? [`source ${stage.source}`] : (stage.model ?? [])))
    .toSorted()
}

test('a plan says what is read and how safely, and what is created, backfilled, changed and dropped', async (t) => {
  const folder = await planned(t)
  const first = await caudal(folder, 'plan')
  assert.equal(first.code, 0, first.stderr)
  assert.match(first.stdout, /^Plan for target dev: 1 source read, 4 models created$/m)
  assert.match(
    first.stdout,
    /read\s+crm → crm\.deals\n\s+once per key · defineSource × duckdb, by transaction · crash test: test\/crash\/adapters\.test\.ts/,
  )
  assert.match(
    first.stdout,
    new RegExp(`create\\s+marts\\.daily {2}new · ${daysAgo(10)} … ${daysAgo(0)} \\(11 days\\)`),
  )
  assert.equal((await caudal(folder, 'run')).code, 0)
  await edit(folder, 'models/staging/deals.sql', 'select id,', "select id, 'x' as note,")
  await rm(path.join(folder, 'models', 'marts', 'revenue.sql'))
  const second = await caudal(folder, 'plan')
  assert.match(second.stdout, /^Plan for target dev: .*1 model changed.*1 model dropped$/m)
  assert.match(second.stdout, /change\s+staging\.deals {2}SQL changed/)
  assert.match(second.stdout, /drop\s+marts\.revenue {2}removed from the project/)
  await caudal(folder, 'query', 'SELECT 1 AS untouched')
  assert.deepEqual(await tables(folder), ['daily', 'revenue', 'won'], 'a plan changes nothing')
  assert.equal((await caudal(folder, 'run')).code, 0)
  assert.deepEqual(await tables(folder), ['daily', 'won'])
})

async function tables(folder: string): Promise<readonly string[]> {
  const sql =
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'marts' ORDER BY 1"
  const { stdout } = await caudal(folder, 'query', sql, '--json')
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)
}

test('plan and run choose the same by name, tag, path and state', async (t) => {
  const folder = await planned(t)
  assert.deepEqual(await chosen(folder, '--select', 'tag:nightly'), ['staging.deals'])
  assert.deepEqual(await chosen(folder, '--select', '+marts.won'), [
    'marts.won',
    'source crm',
    'staging.deals',
  ])
  assert.deepEqual(await chosen(folder, '--select', 'staging.deals+'), ['marts.won', 'staging.deals'])
  assert.deepEqual(await chosen(folder, '--select', 'path:models/marts'), [
    'marts.daily',
    'marts.revenue',
    'marts.won',
  ])
  const run = await caudal(folder, 'run', '--select', '+marts.won', '--json')
  assert.equal(run.code, 0, run.stdout)
  const { stages } = JSON.parse(run.stdout) as { stages: { stage: { id: string } }[] }
  assert.deepEqual(
    stages.map(({ stage }) => stage.id),
    ['extract crm', 'model staging.deals', 'model marts.won'],
  )
  assert.deepEqual(await chosen(folder, '--select', 'state:changed'), ['marts.daily', 'marts.revenue'])
})

test('a selection that names nothing is answered with the near name and exit code 2', async (t) => {
  const folder = await planned(t)
  for (const command of ['plan', 'run']) {
    const { code, stderr } = await caudal(folder, command, '--select', 'tag:nigthly')
    assert.equal(code, 2, stderr)
    assert.match(stderr, /Did you mean `nightly`\?/)
  }
})
