import { attach, findSocket, type AttachedOwner } from '@caudal/server'
import assert from 'node:assert/strict'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { caudal, edit, projectFrom, start, type Running } from './cli-project.ts'

const fixture = path.join(import.meta.dirname, 'fixtures', 'streams')

/** `caudal serve` with its collector, and somebody attached to it. */
interface Serving extends Running {
  readonly events: string
  readonly owner: AttachedOwner
}

async function serve(t: TestContext, folder: string, ...parameters: string[]): Promise<Serving> {
  const running = start(folder, ['serve', '--port', '0', '--ingest', '0', ...parameters])
  const [events] = await running.until(/http:\/\/127\.0\.0\.1:\d+\/v1\/events\/sales/)
  return { ...running, events, owner: await attachTo(t, folder) }
}

/** Attaches to the owner of the project's warehouse until the test ends. */
async function attachTo(t: TestContext, folder: string): Promise<AttachedOwner> {
  const socketPath = await findSocket(path.join(folder, 'data', 'acme.duckdb'))
  assert.ok(socketPath !== undefined)
  const owner = await attach({ socketPath, target: 'dev', projectPath: folder, fingerprint: '' })
  t.after(() => owner.detach())
  return owner
}

async function createKey(folder: string, ...parameters: string[]): Promise<string> {
  const { stdout } = await caudal(folder, 'keys', 'create', '--json', ...parameters)
  return (JSON.parse(stdout) as { key: string }).key
}

async function send(url: string, key: string, body: unknown): Promise<{ status: number; accepted: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { accepted = 0 } = (await response.json()) as { accepted?: number }
  return { status: response.status, accepted }
}

const sale = (number: number): object => ({
  id: `s${number}`,
  customer: `c${number % 3}`,
  price: `${number}.50`,
})

/** Resolves when the query gives the number. */
async function untilCount(owner: AttachedOwner, sql: string, wanted: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = async (): Promise<void> => {
      const found = await countOf(owner, sql)
      if (found !== wanted) return
      leave()
      resolve()
    }
    const leave = owner.subscribe((event) => {
      if (event.kind === 'commit') look().catch(reject)
    })
    look().catch(() => undefined)
  })
}

async function countOf(owner: AttachedOwner, sql: string): Promise<number> {
  for await (const chunk of owner.query(sql, {}, AbortSignal.timeout(10_000)))
    if (chunk.rows > 0) return Number(chunk.values[0]?.[0])
  return Number.NaN
}

/** The numbers of the sales that are there. */
async function numbersOf(owner: AttachedOwner): Promise<number[]> {
  const numbers: number[] = []
  for await (const chunk of owner.query('SELECT id FROM sales.processed', {}, AbortSignal.timeout(10_000)))
    numbers.push(...(chunk.values[0] ?? []).map((id) => Number(String(id).slice(1))))
  return numbers
}

test('an event that is sent becomes a row, once, and models read it', async (t) => {
  const folder = await projectFrom(t, fixture)
  const key = await createKey(folder)
  const { events, owner } = await serve(t, folder)
  const batch = [sale(1), sale(2), { ...sale(3), price: null }, { no: 'sale' }]
  assert.deepEqual(await send(events, key, batch), { status: 202, accepted: 3 })
  await untilCount(owner, 'SELECT count(*) FROM sales.processed', 2)
  const run = await caudal(folder, 'run')
  assert.equal(run.code, 0, run.stderr)
  assert.equal(await countOf(owner, 'SELECT count(*) FROM marts.by_customer'), 2)
  const graph = await owner.graph()
  assert.deepEqual(
    graph.edges.filter(({ from }) => from.startsWith('pipeline:')),
    [{ from: 'pipeline:sales', to: 'sales.processed' }],
  )
})

test('a pipeline of a target without a log says so, and nothing else stops', async (t) => {
  const folder = await projectFrom(t, fixture)
  await edit(folder, 'caudal.config.ts', "log: segmentLog({ path: 'data/log' })", '')
  const running = start(folder, ['serve', '--port', '0', '--ingest', '0'])
  await running.until(/pipeline sales: .*names no log/)
  const owner = await attachTo(t, folder)
  const node = (await owner.graph()).nodes.find(({ id }) => id === 'pipeline:sales')
  assert.equal(node?.health, 'failing')
  assert.equal(node.error?.code, 'CAUDAL_PIPELINE_LOG')
  assert.match(node.error.hint ?? '', /segmentLog/)
})

test('keys are known within a second of being made and taken back, each for its topics', async (t) => {
  const folder = await projectFrom(t, fixture)
  const { events, until } = await serve(t, folder)
  await until(/Nobody has a key/)
  const other = await createKey(folder, '--topic', 'others')
  const key = await createKey(folder, '--topic', 'sales', '--name', 'shop')
  for (let tries = 0; (await send(events, key, sale(1))).status !== 202; tries++) assert.ok(tries < 1000)
  assert.equal((await send(events, other, sale(2))).status, 401)
  const { stdout } = await caudal(folder, 'keys', 'list', '--json')
  const keys = JSON.parse(stdout) as { id: string; name: string }[]
  assert.ok(!stdout.includes(key), 'a key is shown once')
  const shop = keys.find(({ name }) => name === 'shop')
  assert.equal((await caudal(folder, 'keys', 'revoke', shop?.id ?? '')).code, 0)
  for (let tries = 0; (await send(events, key, sale(3))).status !== 401; tries++) assert.ok(tries < 1000)
  assert.equal((await caudal(folder, 'keys', 'revoke', 'nobody')).code, 2)
})

test('kill -9 of everything loses no event that was answered and doubles none', async (t) => {
  const folder = await projectFrom(t, fixture)
  const key = await createKey(folder)
  let sent = 0
  const taken: number[] = []
  for (let round = 0; round < (process.env['CAUDAL_FULL'] === '1' ? 20 : 2); round++) {
    const { events, child, owner } = await serve(t, folder)
    if (round > 0) await untilCount(owner, 'SELECT count(*) FROM sales.processed', taken.length)
    const sending = Array.from({ length: 4 }, async () => {
      for (;;) {
        const number = sent++
        const answer = await send(events, key, sale(number)).catch(() => undefined)
        if (answer === undefined) return
        if (answer.accepted === 1) taken.push(number)
        if (taken.length > (round + 1) * 150) child.kill('SIGKILL')
      }
    })
    await Promise.all(sending)
    const rest = await serve(t, folder)
    await untilCount(
      rest.owner,
      `SELECT count(*) FROM sales.processed WHERE id IN (${taken.map((number) => `'s${number}'`).join(', ')})`,
      taken.length,
    )
    assert.equal(await countOf(rest.owner, 'SELECT count(*) - count(DISTINCT id) FROM sales.processed'), 0)
    const unanswered = (await countOf(rest.owner, 'SELECT count(*) FROM sales.processed')) - taken.length
    assert.ok(unanswered >= 0 && unanswered <= 4, `${unanswered} events were written and not answered`)
    for (const number of await numbersOf(rest.owner)) if (!taken.includes(number)) taken.push(number)
    rest.child.kill('SIGTERM')
    assert.equal((await rest.ended).code, 0)
  }
})

test('a pipeline that is changed goes on with the new code; what came meanwhile is not lost', async (t) => {
  const folder = await projectFrom(t, fixture)
  const key = await createKey(folder)
  const dev = start(folder, ['dev', '--port', '0', '--ingest', '0'])
  const [events] = await dev.until(/http:\/\/127\.0\.0\.1:\d+\/v1\/events\/sales/)
  const owner = await attachTo(t, folder)
  await send(events, key, sale(1))
  await untilCount(owner, 'SELECT count(*) FROM sales.processed', 1)
  await edit(folder, 'pipelines/sales.ts', 'sale.customer, amount', 'sale.customer.toUpperCase(), amount')
  await dev.until(/loaded anew/)
  for (let tries = 0; ; tries++) {
    const answer = await send(events, key, sale(4)).catch(() => undefined)
    if (answer?.status === 202) break
    assert.ok(tries < 2000)
  }
  await untilCount(owner, `SELECT count(*) FROM sales.processed WHERE customer IN ('c1', 'C1')`, 2)
  assert.equal(await countOf(owner, `SELECT count(*) FROM sales.processed WHERE customer = 'C1'`), 1)
})
