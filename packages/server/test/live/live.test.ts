import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { CaudalError } from '@caudal/spec'
import { eventually } from '../eventually.ts'
import { numberOf, openLive, serveFake } from '../server-fixture.ts'

const ana = { id: 'd1', sdr: 'ana', amount: 10 }

test('every tile of the view is sent first; a commit then sends only the tiles that read its tables', async (context) => {
  const { service, url } = await serveFake(context)
  service.sell(ana)
  const live = await openLive(context, url, { dashboard: 'sales', view: 'compare=none' })
  await live.until((event) => numberOf(event, 'revenue') === '10.00')
  await live.until((event) => numberOf(event, 'emails') === '0')
  await live.until((event) => event.kind === 'tile' && event.answer.state === 'error')
  await live.until((event) => event.kind === 'tile' && event.answer.tile === 'by-sdr')
  const before = new Map(service.computed)
  const sequence = service.send(3)
  const pushed = await live.until((event) => numberOf(event, 'emails') === '3')
  assert.equal(pushed.id, sequence, 'the id is the ledger sequence number')
  assert.equal(service.computed.get('emails'), (before.get('emails') ?? 0) + 1)
  for (const tile of ['revenue', 'by-sdr', 'broken'])
    assert.equal(service.computed.get(tile), before.get(tile), tile)
})

test('a filtered view gets its own numbers', async (context) => {
  const { service, url } = await serveFake(context)
  const live = await openLive(context, url, { dashboard: 'sales', view: 'f.sdr=ana' })
  const all = await openLive(context, url, { dashboard: 'sales' })
  service.sell(ana, { id: 'd2', sdr: 'bea', amount: 5 })
  await live.until((event) => numberOf(event, 'revenue') === '10.00')
  await all.until((event) => numberOf(event, 'revenue') === '15.00')
})

test('a tile is computed once for all who look at the same view', async (context) => {
  const { service, url } = await serveFake(context)
  service.tileMs = 20
  const clients = await Promise.all(
    Array.from({ length: 12 }, () => openLive(context, url, { dashboard: 'sales', view: 'range=today' })),
  )
  await Promise.all(clients.map((live) => live.until((event) => numberOf(event, 'revenue') === '0.00')))
  assert.equal(service.computed.get('revenue'), 1)
  service.sell(ana)
  await Promise.all(clients.map((live) => live.until((event) => numberOf(event, 'revenue') === '10.00')))
  assert.equal(service.computed.get('revenue'), 2)
})

test('a burst of commits refreshes a tile at most once per 250 ms, and the last state arrives', async (context) => {
  const { service, url } = await serveFake(context)
  const live = await openLive(context, url, { dashboard: 'sales' })
  await live.until((event) => numberOf(event, 'revenue') === '0.00')
  const startedAt = performance.now()
  for (let n = 1; n <= 60; n++) {
    service.sell({ id: `d${n}`, sdr: 'ana', amount: 1 })
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const last = await live.until((event) => numberOf(event, 'revenue') === '60.00')
  const refreshes =
    live.received.filter(({ event }) => event.kind === 'tile' && event.answer.tile === 'revenue').length - 1
  const allowed = Math.ceil((last.at - startedAt) / 250) + 1
  assert.ok(refreshes >= 2 && refreshes <= allowed, `${refreshes} refreshes, ${allowed} allowed`)
  await live.until((_event, { id }) => id === 60)
})

test('clients that are cut off again and again miss nothing when they continue from their last id', async (context) => {
  const { service, url } = await serveFake(context, { refreshMs: 5 })
  service.tileMs = 3
  const seen = new Map<string, string | null | undefined>()
  let lastId: number | undefined
  for (let round = 0; round < 40; round++) {
    const live = await openLive(context, url, { dashboard: 'sales', view: 'compare=none' }, lastId)
    service.sell({ id: `a${round}`, sdr: 'ana', amount: 1 })
    if (round % 3 === 0) service.send(1)
    const stopAfter = 1 + ((round * 7) % 5)
    await live.until(() => live.received.length >= stopAfter)
    live.close()
    await live.ended
    service.sell({ id: `b${round}`, sdr: 'bea', amount: 1 })
    for (const { event, id } of live.received) {
      for (const tile of ['revenue', 'emails']) {
        const value = numberOf(event, tile)
        if (value !== undefined) seen.set(tile, value)
      }
      lastId = id ?? lastId
    }
  }
  assert.ok(lastId !== undefined && lastId > 0, 'at least one client got as far as an id')
  const final = await openLive(context, url, { dashboard: 'sales', view: 'compare=none' }, lastId)
  const newest = await service.sequence()
  await final.until((_event, { id }) => id === newest)
  for (const { event } of final.received) {
    for (const tile of ['revenue', 'emails']) {
      const value = numberOf(event, tile)
      if (value !== undefined) seen.set(tile, value)
    }
  }
  assert.deepEqual([seen.get('revenue'), seen.get('emails')], ['80.00', '14'])
})

test('an id ahead of the ledger (another warehouse) or absent gets every tile', async (context) => {
  const { service, url } = await serveFake(context)
  service.sell(ana)
  const ahead = await openLive(context, url, { dashboard: 'sales' }, 500)
  await ahead.until((event) => numberOf(event, 'revenue') === '10.00')
  const current = await openLive(context, url, { dashboard: 'sales', after: '1' })
  service.send(1)
  await current.until((event) => numberOf(event, 'emails') === '1')
  assert.ok(
    !current.received.some(({ event }) => numberOf(event, 'revenue') !== undefined),
    'nothing it already has',
  )
})

test('a reconnect does not count rows, letters and bytes: when a server returns, all its pages come at once', async (context) => {
  const { service, url } = await serveFake(context)
  service.status = () => Promise.reject(new Error('A reconnect asked for the status'))
  const last = service.sell(ana)
  service.send(1)
  const live = await openLive(context, url, { dashboard: 'sales' }, last)
  await live.until((event) => numberOf(event, 'emails') === '1')
})

test('runs and progress are pushed, recent runs on connect, without secrets', async (context) => {
  const { service, url } = await serveFake(context)
  const first = await service.runs.start({ select: [], trigger: 'cli' })
  const live = await openLive(context, url, {})
  await live.until(
    (event) => event.kind === 'run' && event.run.id === first.id && event.run.state === 'running',
  )
  service.emit({
    kind: 'progress',
    run: first.id,
    stage: 'extract crm',
    rows: 5,
    bytes: 100,
    note: 'GET /?token=sssssss',
  })
  const { event } = await live.until((one) => one.kind === 'progress')
  assert.doesNotMatch(JSON.stringify(event), /sssssss/)
  await service.endRun(
    first.id,
    'failed',
    new CaudalError({ code: 'X', message: 'Bearer aaaabbbbcccc was refused' }),
  )
  const ended = await live.until((one) => one.kind === 'run' && one.run.state === 'failed')
  assert.doesNotMatch(JSON.stringify(ended.event), /aaaabbbbcccc/)
})

test('when the project is loaded anew, the version and every tile are sent again', async (context) => {
  const { service, url } = await serveFake(context)
  const live = await openLive(context, url, { dashboard: 'sales' })
  await live.until((event) => numberOf(event, 'emails') === '0')
  service.emails = 9
  service.reload('f2')
  await live.until((event) => event.kind === 'project' && event.fingerprint === 'f2')
  await live.until((event) => numberOf(event, 'emails') === '9')
})

test('a client that does not read costs a bounded amount and gets the latest when it reads again', async (context) => {
  const { service, server } = await serveFake(context)
  const socket = connect(Number(server.port), '127.0.0.1')
  socket.write('GET /api/v1/live HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await eventually(() => service.listeners === 1, 'the client is subscribed')
  socket.pause()
  const note = 'n'.repeat(10_000)
  const events = 3_000
  for (let rows = 1; rows <= events; rows++) {
    service.emit({ kind: 'progress', run: 'r1', stage: 'extract crm', rows, bytes: 0, note })
    if (rows % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => (text += part))
  socket.resume()
  await eventually(() => text.includes(`"rows":${events},`), 'the latest arrives')
  const sent = text.match(/event: progress/g)?.length ?? 0
  assert.ok(sent < events / 2, `${sent} of ${events} were kept for it`)
  socket.destroy()
})

test('silence is filled with comments, and a client that leaves is forgotten', async (context) => {
  const { service, server } = await serveFake(context, { heartbeatMs: 20 })
  const socket = connect(Number(server.port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (part: string) => (text += part))
  socket.write('GET /api/v1/live?dashboard=sales HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await eventually(() => (text.match(/^: $/gm)?.length ?? 0) >= 3, 'heartbeats')
  socket.destroy()
  await eventually(() => service.listeners === 0, 'it is unsubscribed')
})

test('more streams than allowed are refused with what to do', async (context) => {
  const { url } = await serveFake(context, { subscribersMax: 1 })
  await openLive(context, url, {})
  const refused = await fetch(`${url}/api/v1/live`)
  assert.equal(refused.status, 503)
  assert.equal(((await refused.json()) as { code: string }).code, 'CAUDAL_LIVE_FULL')
})

test('commit to client: the 99th percentile over 20 clients stays under a second', async (context) => {
  const { service, url } = await serveFake(context)
  service.tileMs = 30
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      openLive(context, url, { dashboard: 'sales', view: `compare=none&f.sdr=ana&f.sdr=s${index % 5}` }),
    ),
  )
  await Promise.all(clients.map((live) => live.until((event) => numberOf(event, 'revenue') === '0.00')))
  const delays: number[] = []
  for (let n = 1; n <= 15; n++) {
    const committedAt = performance.now()
    service.sell({ id: `d${n}`, sdr: 'ana', amount: 1 })
    const arrivals = await Promise.all(
      clients.map((live) => live.until((event) => numberOf(event, 'revenue') === `${n}.00`)),
    )
    delays.push(...arrivals.map(({ at }) => at - committedAt))
  }
  const sorted = delays.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Infinity
  context.diagnostic(`p50 ${sorted[sorted.length >> 1]?.toFixed(0) ?? '–'} ms, p99 ${p99.toFixed(0)} ms`)
  assert.ok(p99 < 1_000, `p99 ${p99} ms`)
})
