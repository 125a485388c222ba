import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { TileAnswer } from '@caudal/spec'
import { root } from './cli.ts'
import { blocksOf, scriptOf, type Block } from './page-script.ts'

const execute = promisify(execFile)
const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')

/** Stands in for a terminal: `npx caudal dev` goes on in the background, ends the one before as Ctrl-C does, and is ready when it has its address. */
const npx = `#!/bin/bash
shift
if [ "$1" != dev ]; then exec node ${binary} "$@"; fi
if [ -f "$PLACE/dev.pid" ]; then
  kill -INT "$(cat "$PLACE/dev.pid")"
  tail --pid="$(cat "$PLACE/dev.pid")" -f /dev/null
fi
rm -f "$PLACE/dev.json"
node ${binary} dev --port 0 --json > "$PLACE/dev.json" 2> "$PLACE/dev.log" &
echo $! > "$PLACE/dev.pid"
until grep -q '"url"' "$PLACE/dev.json" 2> /dev/null; do
  kill -0 "$(cat "$PLACE/dev.pid")" || { cat "$PLACE/dev.log"; exit 1; }
  sleep 0.1
done
`

/** A support desk with 250 tickets, in pages, behind a token. */
async function serveTickets(t: TestContext): Promise<string> {
  const tickets = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    customer: `Customer ${index % 7}`,
    status: index % 3 === 0 ? 'open' : 'solved',
    updated_at: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
  }))
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://desk')
    response.statusCode = request.headers.authorization === 'Bearer a-token' ? 200 : 401
    const since = searchParams.get('updated_since') ?? ''
    const size = Number(searchParams.get('per_page') ?? 100)
    const first = (Number(searchParams.get('page') ?? 1) - 1) * size
    const data = tickets.filter(({ updated_at }) => updated_at >= since).slice(first, first + size)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
}

/** A folder in which the commands of a page run, with `caudal` installed. */
async function workplace(t: TestContext): Promise<{ place: string; bin: string }> {
  const place = await mkdtemp(path.join(tmpdir(), 'caudal-page-'))
  const bin = path.join(place, 'bin')
  await mkdir(bin)
  await symlink(path.join(root, 'node_modules'), path.join(place, 'node_modules'))
  await writeFile(path.join(bin, 'npx'), npx, { mode: 0o755 })
  await writeFile(path.join(bin, 'npm'), '#!/bin/bash\n[ "$*" = "install caudal" ]\n', { mode: 0o755 })
  t.after(async () => {
    const pid = Number(await readFile(path.join(place, 'dev.pid'), 'utf8').catch(() => '0'))
    if (pid > 0) process.kill(pid, 'SIGKILL')
    await rm(place, { recursive: true, force: true, maxRetries: 5 })
  })
  return { place, bin }
}

test('a reader who does what the page says has a board over a file and an API of their own', async (t) => {
  const page = await readFile(path.join(root, 'docs', 'getting-started.md'), 'utf8')
  const api = await serveTickets(t)
  const { place, bin } = await workplace(t)
  const isMade = (block: Block): boolean => block.kind === 'file' && block.path === 'caudal-types.ts'
  const blocks = blocksOf(page).filter((block) => !isMade(block))
  assert.deepEqual(
    blocks.flatMap((block) => (block.kind === 'file' ? [block.path] : [])),
    [
      'sources/sheets.ts',
      'sources/support.ts',
      'models/marts/sdr_months.sql',
      'models/marts/sdr_months.test.yaml',
      'metrics/targets.ts',
      'dashboards/targets.ts',
    ],
  )
  await writeFile(
    path.join(place, 'page.sh'),
    scriptOf(blocks).replaceAll('https://support.example.com/api', api),
  )
  const { stdout } = await execute('bash', ['page.sh'], {
    cwd: place,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, PLACE: place },
  })
  assert.match(stdout, /2 of 2 tests passed/)
  assert.match(stdout, /every column is there, up to the tile/)
  assert.match(stdout, /support\.tickets\s+250/)

  const shown = blocksOf(page).find((block) => isMade(block))
  const written = await readFile(path.join(place, 'my-company', 'caudal-types.ts'), 'utf8')
  const types = written.replaceAll(/^ *\/\*\*.*\*\/\n/gm, '')
  const tables = [...(shown?.text ?? '').matchAll(/^ {2}'[^]*?^ {2}\}$/gm)].map(([table]) => table)
  assert.equal(tables.length, 2)
  for (const table of tables) assert.ok(types.includes(table), `typegen wrote otherwise:\n${table}`)

  const { url } = JSON.parse(await readFile(path.join(place, 'dev.json'), 'utf8')) as { url: string }
  const response = await fetch(`${url}/api/v1/dashboards/targets/tiles/number_target`)
  const answer = (await response.json()) as TileAnswer
  assert.ok(answer.state === 'ready' && answer.data.kind === 'number', JSON.stringify(answer))
  assert.equal(answer.data.value, '41501.00')
})
