import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { test, type TestContext } from 'node:test'

const root = path.join(import.meta.dirname, '..', '..', '..')

const config = `
import { defineProject, duckdb, folder } from 'caudal'
export default defineProject({
  name: 'acme',
  targets: { dev: { warehouse: duckdb({ path: 'data/acme.duckdb' }), lake: folder({ path: 'data/lake' }) } },
})
`

/** A change of a ticket: its new state, or that it is gone. */
interface Change {
  readonly id: number
  readonly refund?: string
  readonly isDeleted?: true
}

/** The system of the page: a list of changes, three at a time. */
async function startHelpdesk(
  t: TestContext,
  changes: readonly Change[],
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://desk')
    asked.push(url.pathname + url.search)
    const live = new Set(changes.map(({ id }) => id))
    for (const { id, isDeleted } of changes) if (isDeleted) live.delete(id)
    const from = Number(url.searchParams.get('after'))
    const page = changes.slice(from, from + 3)
    const answer = {
      tickets: page
        .filter(({ isDeleted }) => isDeleted === undefined)
        .map(({ id, refund }) => ({
          id,
          subject: `Ticket ${id}`,
          refund: refund ?? null,
          updatedAt: new Date(Date.UTC(2026, 2, 1) + changes.findLastIndex((c) => c.id === id) * 1000),
        })),
      deletedIds: page.flatMap(({ id, isDeleted }) => (isDeleted ? id : [])),
      cursor: String(from + page.length),
      more: from + page.length < changes.length,
    }
    response.statusCode = request.headers.authorization === 'Bearer s3cret' ? 200 : 401
    response.end(JSON.stringify(url.pathname === '/count' ? { n: live.size } : answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

test('the source of docs/sources/define-source.md runs as it stands there, in at most 60 lines', async (t) => {
  const page = await readFile(path.join(root, 'docs', 'sources', 'define-source.md'), 'utf8')
  const [, code = ''] = /^```ts\n(\/\/ sources\/helpdesk\.ts\n[^]*?)^```$/m.exec(page) ?? []
  assert.ok(code.trimEnd().split('\n').length <= 60, 'at most 60 lines')

  const changes: Change[] = [1, 2, 3, 4, 5].map((id) => ({ id, refund: `${id}.10` }))
  const desk = await startHelpdesk(t, changes)
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-page-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await mkdir(path.join(folder, 'sources'))
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(path.join(folder, 'caudal.config.ts'), config)
  await writeFile(path.join(folder, 'sources', 'helpdesk.ts'), code)
  const variables = { HELPDESK_URL: desk.url, HELPDESK_TOKEN: 's3cret' }

  const first = await caudal(folder, variables, 'run')
  assert.equal(first.code, 0, first.output)
  assert.match(first.output, /5 inserted · helpdesk\.tickets equal/)

  changes.push({ id: 2, refund: '9.00' }, { id: 3, isDeleted: true }, { id: 6 })
  const second = await caudal(folder, variables, 'run')
  assert.equal(second.code, 0, second.output)
  assert.match(second.output, /1 inserted, 1 updated, 1 deleted · helpdesk\.tickets equal/)
  assert.equal(
    desk.asked.filter((url) => url === '/changes?after=').length,
    1,
    'it went on from its position',
  )

  const sql = 'SELECT id, refund FROM helpdesk.tickets WHERE _caudal_deleted_at IS NULL ORDER BY id'
  const rows = await caudal(folder, variables, 'query', sql, '--json')
  assert.deepEqual(
    (JSON.parse(rows.output) as { id: string; refund: string | null }[]).map(({ id, refund }) => [
      id,
      refund,
    ]),
    [
      ['1', '1.10'],
      ['2', '9.00'],
      ['4', '4.10'],
      ['5', '5.10'],
      ['6', null],
    ],
  )

  const refused = await caudal(folder, { ...variables, HELPDESK_TOKEN: 'wrong' }, 'run')
  assert.notEqual(refused.code, 0)
  assert.match(refused.output, /The help desk answered 401/)
})

async function caudal(
  folder: string,
  variables: Readonly<Record<string, string>>,
  ...parameters: string[]
): Promise<{ code: number; output: string }> {
  const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')
  const options = { cwd: folder, env: { ...process.env, ...variables } }
  return new Promise((resolve) => {
    execFile(process.execPath, [binary, ...parameters], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })
}
