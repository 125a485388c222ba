import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { caudal, project, start } from './cli-project.ts'

test('run, query and plan work without a running owner', async (t) => {
  const folder = await project(t)
  const run = await caudal(folder, 'run')
  assert.equal(run.code, 0, run.stderr)
  assert.match(run.stdout, /crm\s+2 inserted · crm\.deals equal/)
  const rows = await caudal(folder, 'query', 'SELECT won FROM marts.revenue', '--json')
  assert.deepEqual(JSON.parse(rows.stdout), [{ won: '10.50' }])
  const plan = await caudal(folder, 'plan', '--json')
  const { stages } = (JSON.parse(plan.stdout) as { plan: { stages: { kind: string }[] } }).plan
  assert.deepEqual(
    stages.map((stage) => stage.kind),
    ['extract', 'model'],
  )
})

test('the last line of a run says that the books agree, when something was read', async (t) => {
  const folder = await project(t)
  const { stdout } = await caudal(folder, 'run')
  assert.match(stdout, /✓ 2 stages in \d+\.\d s: the books agree\n$/)
  const built = await caudal(folder, 'run', '--skip-sources')
  assert.match(built.stdout, /✓ .* in \d+\.\d s\n$/)
})

test('a misspelt command or option is answered with the near one and exit code 2', async (t) => {
  const folder = await project(t)
  const command = await caudal(folder, 'qurey')
  assert.equal(command.code, 2)
  assert.match(command.stderr, /Did you mean `query`\?/)
  const option = await caudal(folder, 'run', '--selct', 'x')
  assert.equal(option.code, 2)
  assert.match(option.stderr, /Did you mean `--select`\?/)
})

test('a target, a folder or a number that is not there is refused with its mend, and the command ends', async (t) => {
  const folder = await project(t)
  for (const command of [['run'], ['status'], ['query', 'SELECT 1']]) {
    const { code, stderr } = await caudal(folder, ...command, '--target', 'nope')
    assert.match(stderr, /no target `nope`/)
    assert.equal(code, 2)
  }
  for (const command of ['verify', 'doctor', 'plan']) {
    const { code, stderr } = await caudal(folder, command, '--project', path.join(folder, 'nowhere'))
    assert.match(stderr, /CAUDAL_CLI_FOLDER_MISSING/)
    assert.doesNotMatch(stderr, /node:/)
    assert.equal(code, 2)
  }
  for (const command of [
    ['query', 'SELECT 1', '--limit', 'x'],
    ['preview', 'crm.deals', '--limit=-1'],
    ['status', '--runs', 'x'],
  ]) {
    const { code, stderr } = await caudal(folder, ...command)
    assert.match(stderr, /takes a whole number from 0/)
    assert.equal(code, 2)
  }
})

test('with --json a command without its argument says so as JSON, and half of a command is answered with the whole', async (t) => {
  const folder = await project(t)
  for (const command of ['query', 'preview', 'lineage', 'reset', 'source']) {
    const { code, stdout } = await caudal(folder, command, '--json')
    assert.equal(code, 2)
    assert.match((JSON.parse(stdout) as { error: { code: string } }).error.code, /^CAUDAL_CLI_/)
  }
  assert.match((await caudal(folder, 'source', 'crm')).stderr, /Did you mean `source check`\?/)
})

test('a comma in --select keeps what both sides choose', async (t) => {
  const folder = await project(t)
  const plan = await caudal(folder, 'plan', '--select', 'source:crm,marts.revenue', '--json')
  assert.deepEqual((JSON.parse(plan.stdout) as { plan: { stages: object[] } }).plan.stages, [])
})

test('a source that fails makes the run red, names the place, and leaves what was there', async (t) => {
  const folder = await project(t)
  await caudal(folder, 'run')
  await writeFile(path.join(folder, 'input', 'deals.json'), 'not json')
  const red = await caudal(folder, 'run')
  assert.equal(red.code, 1)
  const rows = await caudal(folder, 'query', 'SELECT count(*) AS n FROM crm.deals', '--json')
  assert.deepEqual(JSON.parse(rows.stdout), [{ n: '2' }])
})

test('each source that fails says why, and dead letters say where they are', async (t) => {
  const folder = await project(t)
  await writeFile(path.join(folder, 'input', 'bad.csv'), 'id,n\n1,one\n2,2\n')
  const stream = (columns: string): string =>
    `files({ streams: { rows: { path: 'input/bad.csv', columns: columns({ ${columns} }) } } })`
  await writeFile(
    path.join(folder, 'sources', 'more.ts'),
    `import { columns, integer } from '@caudal/authoring'
import { files } from '@caudal/files'
export const bad = ${stream('id: integer(), n: integer()')}
export const gone = files({ streams: { rows: { path: 'input/nowhere.csv' } } })
export const lost = files({ streams: { rows: { path: 'input/neither.csv' } } })
`,
  )
  const { code, stdout, stderr } = await caudal(folder, 'run')
  assert.equal(code, 1)
  assert.match(stdout + stderr, /nowhere\.csv/)
  assert.match(stdout + stderr, /neither\.csv/)
  assert.match(stdout, /1 inserted, 1 dead letters/)
  const [, statement = ''] = /caudal query "(.*)"/.exec(stdout) ?? []
  const letters = await caudal(folder, 'query', statement, '--json')
  assert.deepEqual(
    (JSON.parse(letters.stdout) as { raw: string }[]).map(({ raw }) => raw),
    ['1,one'],
  )
})

test('rebuild makes the same rows from the lake alone', async (t) => {
  const folder = await project(t)
  await caudal(folder, 'run')
  await rm(path.join(folder, 'input'), { recursive: true })
  const rebuilt = await caudal(folder, 'rebuild')
  assert.equal(rebuilt.code, 0, rebuilt.stderr)
  const rows = await caudal(folder, 'query', 'SELECT id, amount FROM crm.deals ORDER BY id', '--json')
  assert.deepEqual(JSON.parse(rows.stdout), [
    { id: 'a', amount: '10.50' },
    { id: 'b', amount: '3.00' },
  ])
})

test('a reader that closes early, as `head` does, ends nothing', async (t) => {
  const folder = await project(t)
  const run = start(folder, ['run'])
  run.child.stdout.destroy()
  const { code, stderr } = await run.ended
  assert.equal(code, 0, stderr)
  const rows = await caudal(folder, 'query', 'SELECT count(*) AS n FROM crm.deals', '--json')
  assert.deepEqual(JSON.parse(rows.stdout), [{ n: '2' }])
})
