import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'

const root = path.join(import.meta.dirname, '..', '..', '..')
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')
const fixture = path.join(root, 'packages', 'engine', 'test', 'owner', 'fixtures', 'project')

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function project(t: TestContext, deals: readonly object[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-cli-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(fixture, folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  await mkdir(path.join(folder, 'input'), { recursive: true })
  await writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(deals))
  return folder
}

function caudal(folder: string, ...parameters: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [binary, ...parameters], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

const deals = [
  { id: 'a', amount: '10.50', stage: 'won', updated: 1 },
  { id: 'b', amount: '3.00', stage: 'open', updated: 1 },
]

test('run, query and plan work without a running owner', async (t) => {
  const folder = await project(t, deals)
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

test('commands attach to the process that has the warehouse, and it ends cleanly on SIGTERM', async (t) => {
  const folder = await project(t, deals)
  const owner = spawn(process.execPath, [binary, 'serve', '--port', '0', '--json'], { cwd: folder })
  t.after(() => owner.kill('SIGKILL'))
  const [first] = (await once(owner.stdout, 'data')) as [Buffer]
  const { url } = JSON.parse(first.toString('utf8')) as { url: string }
  const run = await caudal(folder, 'run')
  assert.equal(run.code, 0, run.stderr)
  const status = (await (await fetch(`${url}/api/v1/status`)).json()) as {
    tables: { table: string; rows: number }[]
  }
  assert.equal(status.tables.find((table) => table.table === 'crm.deals')?.rows, 2)
  const check = await caudal(folder, 'check')
  assert.equal(check.code, 0, check.stderr)
  const exited = once(owner, 'exit')
  owner.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
})

test('a misspelt command or option is answered with the near one and exit code 2', async (t) => {
  const folder = await project(t, deals)
  const command = await caudal(folder, 'qurey')
  assert.equal(command.code, 2)
  assert.match(command.stderr, /Did you mean `query`\?/)
  const option = await caudal(folder, 'run', '--selct', 'x')
  assert.equal(option.code, 2)
  assert.match(option.stderr, /Did you mean `--select`\?/)
})

test('a source that fails makes the run red, names the place, and leaves what was there', async (t) => {
  const folder = await project(t, deals)
  await caudal(folder, 'run')
  await writeFile(path.join(folder, 'input', 'deals.json'), 'not json')
  const red = await caudal(folder, 'run')
  assert.equal(red.code, 1)
  const rows = await caudal(folder, 'query', 'SELECT count(*) AS n FROM crm.deals', '--json')
  assert.deepEqual(JSON.parse(rows.stdout), [{ n: '2' }])
})

test('rebuild makes the same rows from the lake alone', async (t) => {
  const folder = await project(t, deals)
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
