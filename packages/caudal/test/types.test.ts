import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { caudal } from './cli-project.ts'

const root = path.join(import.meta.dirname, '..', '..', '..')

let generated = ''

before(async () => {
  generated = await mkdtemp(path.join(tmpdir(), 'caudal-types-'))
  await cp(path.join(import.meta.dirname, 'fixtures', 'types'), generated, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(generated, 'node_modules'))
  const { code, stdout, stderr } = await caudal(generated, 'typegen')
  assert.equal(code, 0, stdout + stderr)
})

after(() => rm(generated, { recursive: true, force: true }))

/** A copy of the project whose types were generated. Its source needs a secret that is not set. */
async function project(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-types-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(generated, folder, { recursive: true, verbatimSymlinks: true })
  return folder
}

async function edit(folder: string, file: string, from: string, to: string): Promise<void> {
  const text = await readFile(path.join(folder, file), 'utf8')
  assert.ok(text.includes(from), `${file} has ${from}`)
  await writeFile(path.join(folder, file), text.replaceAll(from, to))
}

async function typeErrors(folder: string): Promise<string> {
  const tsc = path.join(root, 'node_modules', '.bin', 'tsc')
  return promisify(execFile)(tsc, ['--noEmit', '-p', folder]).then(
    () => '',
    (error: unknown) => String((error as { stdout?: unknown }).stdout),
  )
}

test('typegen twice writes the same, and what it wrote is enough to verify without network and secrets', async (t) => {
  const folder = await project(t)
  const types = await readFile(path.join(folder, 'caudal-types.ts'), 'utf8')
  assert.match(types, /'marts\.won': \{\n    id: string\n    amount: Decimal \| null\n/)
  const again = await caudal(folder, 'typegen', '--json')
  assert.deepEqual(JSON.parse(again.stdout), { written: [], removed: [], tables: 3, problems: [] })
  const verified = await caudal(folder, 'verify')
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  assert.match(verified.stdout, /1 source, 2 models, 1 metric, 1 tile: every column is there, up to the tile/)
})

test('a renamed source field fails verify with the tile that shows it', async (t) => {
  const folder = await project(t)
  await edit(folder, 'sources/crm.ts', 'amount: decimal', 'value: decimal')
  const { code, stdout, stderr } = await caudal(folder, 'verify')
  assert.equal(code, 1, stdout)
  assert.match(
    stderr,
    /models\/staging\/deals\.sql:1:12: `crm\.deals` has no column `amount`\. It breaks tile sales › Revenue \(dashboards\/sales\.ts:4\)\./,
  )
  const kept = await readFile(path.join(folder, 'caudal-types.ts'), 'utf8')
  assert.equal((await caudal(folder, 'typegen')).code, 1)
  assert.equal(
    await readFile(path.join(folder, 'caudal-types.ts'), 'utf8'),
    kept,
    'a broken model leaves the types',
  )
})

test('a changed field that nothing reads is stale until typegen, and then right', async (t) => {
  const folder = await project(t)
  await edit(folder, 'sources/crm.ts', 'note: text()', 'remark: text()')
  const stale = await caudal(folder, 'verify', '--json')
  assert.equal(stale.code, 1)
  const { problems } = JSON.parse(stale.stdout) as { problems: { code: string; message: string }[] }
  assert.deepEqual(
    problems.map((problem) => problem.message),
    [
      'schemas/crm.json and the code differ about `deals`: `note` is gone, `remark` is new (text).',
      'caudal-types.ts:10 has `note: string | null` where the project gives `remark: string | null`.',
    ],
  )
  assert.equal((await caudal(folder, 'typegen')).code, 0)
  assert.equal((await caudal(folder, 'verify')).code, 0)
})

test('records of a stream and of a source that are gone are stale, until typegen removes them', async (t) => {
  const folder = await project(t)
  await writeFile(path.join(folder, 'schemas', 'old.json'), '{ "format": 1, "streams": [] }')
  const recorded = path.join(folder, 'schemas', 'crm.json')
  await writeFile(recorded, (await readFile(recorded, 'utf8')).replace('"name": "deals"', '"name": "leads"'))
  const stale = await caudal(folder, 'verify')
  assert.equal(stale.code, 1)
  assert.match(stale.stderr, /schemas\/crm\.json records the stream `leads`, which the code declares no more/)
  assert.match(stale.stderr, /schemas\/old\.json records a source that the project does not have/)
  const mended = await caudal(folder, 'typegen')
  assert.match(mended.stdout, /✓ schemas\/crm\.json\n− schemas\/old\.json is removed/)
  assert.equal((await caudal(folder, 'verify')).code, 0)
})

test('a formatter may go over the types; a missing file is written anew', async (t) => {
  const folder = await project(t)
  const file = path.join(folder, 'caudal-types.ts')
  const types = await readFile(file, 'utf8')
  await writeFile(
    file,
    types
      .replaceAll("'", '"')
      .replaceAll(/^(\s+\w+: .*)$/gm, '$1;')
      .replace('import { ', 'import {\n  '),
  )
  const formatted = await caudal(folder, 'verify')
  assert.equal(formatted.code, 0, formatted.stderr)
  await rm(file)
  const missing = await caudal(folder, 'verify')
  assert.equal(missing.code, 1)
  assert.equal((await caudal(folder, 'typegen')).code, 0)
  assert.equal(await readFile(file, 'utf8'), types)
})

test('typegen of a source that is not there is answered with the near one and exit code 2', async (t) => {
  const folder = await project(t)
  const { code, stderr } = await caudal(folder, 'typegen', '--source', 'crn')
  assert.equal(code, 2)
  assert.match(stderr, /There is no source `crn`; there is crm\. Nothing was written\. Did you mean `crm`\?/)
})

test('a metric over a column that is not there, and one that cannot be summed, are named with file and tile', async (t) => {
  const folder = await project(t)
  await edit(folder, 'metrics/sales.ts', "sum('amount')", "sum('amuont' as 'amount')")
  const missing = await caudal(folder, 'verify')
  assert.equal(missing.code, 1)
  assert.match(
    missing.stderr,
    /metrics\/sales\.ts:7:15: metric `revenue` reads the column `amuont` of `marts\.won`, which does not exist\. Did you mean `amount`\? It breaks tile sales › Revenue/,
  )
  await edit(folder, 'metrics/sales.ts', "'amuont' as 'amount'", "'stage' as 'amount'")
  const summed = await caudal(folder, 'verify')
  assert.match(
    summed.stderr,
    /dashboards\/sales\.ts:4: tile `Revenue` of dashboard `sales` cannot be computed: .*sum\(VARCHAR\)/,
  )
})

test('the compiler refuses a column that the generated types do not have', async (t) => {
  const folder = await project(t)
  assert.equal(await typeErrors(folder), '')
  await edit(folder, 'metrics/sales.ts', "sum('amount')", "sum('stage')")
  assert.match(await typeErrors(folder), /metrics\/sales\.ts\(\d+,\d+\): error/)
})

test('lineage goes from the source field to the tile, and says what breaks', async (t) => {
  const folder = await project(t)
  const { stdout } = await caudal(folder, 'lineage', 'deals.amount')
  for (const part of [
    'crm.deals.amount  decimal(18,2)',
    'marts.won.amount',
    'metric revenue',
    'tile sales › Revenue',
  ])
    assert.ok(stdout.includes(part), `${part} in\n${stdout}`)
  const json = JSON.parse((await caudal(folder, 'lineage', 'crm.deals.amount', '--json')).stdout) as {
    node: { id: string }
    breaks: { tiles: { name: string }[] }
  }
  assert.equal(json.node.id, 'crm.deals.amount')
  assert.deepEqual(
    json.breaks.tiles.map(({ name }) => name),
    ['sales/number_revenue'],
  )
  const unknown = await caudal(folder, 'lineage', 'deals.amuont')
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /Did you mean `deals\.amount`/)
})

test('model tests run without data, and a wrong expectation shows both rows', async (t) => {
  const folder = await project(t)
  const good = await caudal(folder, 'test')
  assert.equal(good.code, 0, good.stdout)
  assert.match(good.stdout, /✓ marts\.won: only won deals count[\s\S]*1 of 1 tests passed/)
  await edit(folder, 'models/marts/won.test.yaml', "a, amount: '10.00' }", "a, amount: '11.00' }")
  const bad = await caudal(folder, 'test')
  assert.equal(bad.code, 1)
  assert.match(bad.stdout, /- expected {2}a {3}11\.00\n\s+\+ actual {4}a {3}10\.00/)
})
