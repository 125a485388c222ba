import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { test, type TestContext } from 'node:test'

const root = path.join(import.meta.dirname, '..', '..', '..')
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')
const run = promisify(execFile)

const project: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'caudal.config.ts': `import { defineProject, duckdb, folder } from 'caudal'
export default defineProject({ name: 'files', targets: { dev: { warehouse: duckdb({ path: 'data/db.duckdb' }), lake: folder({ path: 'data/lake' }) } } })
`,
  'sources/exports.ts': `import { columns, decimal, files, integer, text } from 'caudal'
export const exports = files({
  streams: {
    deals: { path: 'in/deals-*.csv', columns: columns({ id: integer(), name: text(), amount: decimal(18, 2) }) },
    events: { path: 'in/events.ndjson', primaryKey: ['id'] },
  },
})
`,
  'in/deals-1.csv': 'id,name,amount,note\n1,Ana,12.50,x\n2,"Bob, B",3,y\n',
  'in/deals-2.csv': 'amount,id,name\n1234.5,3,Cy\n',
  'in/events.ndjson': '{"id":1,"price":0.10,"seen":"2026-01-01T10:00:00Z"}\n{"id":2,"tags":["a"]}\n',
}

async function createProject(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-files-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(project)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), content)
  }
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

test('files become tables once; a changed file takes the place of its earlier rows', async (t) => {
  const folder = await createProject(t)
  const caudal = async (...parameters: string[]): Promise<string> =>
    (await run(process.execPath, [binary, ...parameters], { cwd: folder })).stdout
  const query = async (sql: string): Promise<unknown> => JSON.parse(await caudal('query', sql, '--json'))

  assert.match(await caudal('run'), /exports\s+5 inserted/)
  assert.deepEqual(await query('SELECT id, name, amount, note FROM exports.deals ORDER BY id'), [
    { id: '1', name: 'Ana', amount: '12.50', note: 'x' },
    { id: '2', name: 'Bob, B', amount: '3.00', note: 'y' },
    { id: '3', name: 'Cy', amount: '1234.50', note: null },
  ])
  assert.deepEqual(await query('SELECT id, price, seen, tags FROM exports.events ORDER BY id'), [
    { id: '1', price: '0.10', seen: '2026-01-01T10:00:00Z', tags: null },
    { id: '2', price: null, seen: null, tags: '["a"]' },
  ])
  assert.match(await caudal('run'), /exports\s+nothing new/)
  await writeFile(path.join(folder, 'in/deals-1.csv'), 'id,name,amount,note\n1,Ana,99.99,x\n')
  assert.match(await caudal('run'), /exports\s+1 inserted/)
  const changed = [
    { id: '1', amount: '99.99' },
    { id: '3', amount: '1234.50' },
  ]
  assert.deepEqual(await query('SELECT id, amount FROM exports.deals ORDER BY id'), changed)
  await caudal('rebuild')
  assert.deepEqual(await query('SELECT id, amount FROM exports.deals ORDER BY id'), changed)
})
