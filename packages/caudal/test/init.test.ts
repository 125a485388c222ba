import assert from 'node:assert/strict'
import { access, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { caudal } from './cli-project.ts'

const root = path.join(import.meta.dirname, '..', '..', '..')

/** A folder in which `caudal` is installed. */
async function workplace(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-init-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

test('a new project of the template sales runs at once, and its made-up sales reach to the present', async (t) => {
  const place = await workplace(t)
  const init = await caudal(place, 'init', 'Mi Empresa')
  assert.equal(init.code, 0, init.stderr)
  assert.match(init.stdout, /cd "?Mi Empresa"?\n\s+npx caudal run/)
  const project = path.join(place, 'Mi Empresa')
  assert.match(await readFile(path.join(project, 'caudal.config.ts'), 'utf8'), /name: 'mi-empresa'/)
  await access(path.join(project, '.gitignore'))
  for (const command of ['verify', 'test', 'run']) {
    const outcome = await caudal(project, command)
    assert.equal(outcome.code, 0, outcome.stderr)
  }
  const sql = `
    select (select count(*) from marts.ventas_sdr) as sales, (select count(*) from marts.leads where is_won) as won_leads,
      date_diff('day', cast(max(sent_at) as date), current_date) as days from crm.emails`
  const query = await caudal(project, 'query', sql, '--json')
  const [row] = JSON.parse(query.stdout) as Record<string, string>[]
  assert.ok(Number(row?.['sales']) > 10 && Number(row?.['won_leads']) > 10, query.stdout)
  assert.ok(Number(row?.['days']) >= 0 && Number(row?.['days']) <= 9, query.stdout)
})

test('a blank project has the folders, and running it is well', async (t) => {
  const place = await workplace(t)
  const init = await caudal(place, 'init', 'shop', '--template', 'blank', '--json')
  assert.equal(init.code, 0, init.stderr)
  assert.deepEqual((JSON.parse(init.stdout) as { next: string[] }).next, [
    'cd shop',
    'npx caudal run',
    'npx caudal dev',
  ])
  const project = path.join(place, 'shop')
  const found = await readdir(project)
  for (const folder of ['sources', 'models', 'metrics', 'dashboards']) assert.ok(found.includes(folder))
  for (const command of ['verify', 'run']) {
    const outcome = await caudal(project, command)
    assert.equal(outcome.code, 0, outcome.stderr)
  }
})

test('without caudal above the folder, the next step is to install it', async (t) => {
  const place = await mkdtemp(path.join(tmpdir(), 'caudal-init-'))
  t.after(() => rm(place, { recursive: true, force: true }))
  const { stdout } = await caudal(place, 'init', 'shop', '--json')
  assert.deepEqual((JSON.parse(stdout) as { next: string[] }).next.slice(0, 2), ['cd shop', 'npm install'])
})

test('a folder that is not empty stays as it is', async (t) => {
  const place = await workplace(t)
  await caudal(place, 'init', 'shop', '--template', 'blank')
  const config = path.join(place, 'shop', 'caudal.config.ts')
  await writeFile(config, '// mine')
  const again = await caudal(place, 'init', 'shop')
  assert.equal(again.code, 2)
  assert.match(again.stderr, /shop is not empty: .* Nothing was written/)
  assert.equal(await readFile(config, 'utf8'), '// mine')
})

test('a misspelt template is answered with the near one, and nothing is written', async (t) => {
  const place = await workplace(t)
  const outcome = await caudal(place, 'init', 'shop', '--template', 'slaes')
  assert.equal(outcome.code, 2)
  assert.match(outcome.stderr, /Did you mean `sales`\?/)
  await assert.rejects(access(path.join(place, 'shop')))
  assert.equal((await caudal(place, 'init')).code, 2)
})
