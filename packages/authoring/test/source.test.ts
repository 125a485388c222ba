import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CaudalError, supportsCount, type SourceBatch, type SourceContext } from '@caudal/spec'
import {
  decimal,
  defineSource,
  env,
  integer,
  text,
  timestamptz,
  type StreamReadRequest,
} from '@caudal/authoring'
import { collect } from './collect.ts'

const columns = { id: integer().notNull(), name: text() }
type Read = (
  request: StreamReadRequest<object>,
) => AsyncGenerator<{ rows: { id: number; name: null }[]; position?: number; complete?: boolean }>

const row = { id: 1, name: null }
const context = {
  source: 'crm',
  resolve: (setting) => (typeof setting === 'string' ? setting : `value of ${setting.name}`),
  log: () => undefined,
} satisfies Partial<SourceContext> as unknown as SourceContext

async function readAll(
  read: Read,
  positions: Record<string, number> = {},
  full = false,
): Promise<SourceBatch[]> {
  const source = defineSource({ streams: { people: { columns, primaryKey: ['id'], read } } }).create()
  await source.open(context)
  const signal = new AbortController().signal
  return collect(source.read({ streams: [{ stream: 'people', positions, full }], signal }))
}

test('a read without positions that ends has delivered everything', async () => {
  const batches = await readAll(async function* () {
    yield { rows: [row] }
  })
  assert.deepEqual(
    batches.map((batch) => batch.complete ?? false),
    [false, true],
  )
})

test('a read that names positions is complete only where it says so, and on a full read', async () => {
  const read: Read = async function* ({ position }) {
    yield { rows: [row], position: Number(position ?? 0) + 1 }
  }
  const facts = (batches: SourceBatch[]): unknown => batches.map((b) => [b.position, b.complete ?? false])
  assert.deepEqual(facts(await readAll(read)), [[1, false]])
  assert.deepEqual(facts(await readAll(read, { '': 7 })), [[8, false]])
  assert.deepEqual(facts(await readAll(read, { '': 7 }, true)), [
    [1, false],
    [1, true],
  ])
  const completing: Read = async function* () {
    yield { rows: [row], position: 9, complete: true }
  }
  assert.deepEqual(facts(await readAll(completing)), [[9, true]])
})

test('field names become column names, the newest is told by the cursor, and secrets are only named', () => {
  const source = defineSource({
    settings: { token: env('CRM_TOKEN'), region: 'eu' },
    streams: {
      deals: {
        columns: { dealId: text().notNull(), amount: decimal(18, 2), updatedAt: timestamptz() },
        primaryKey: ['dealId'],
        cursor: 'updatedAt',
        async *read() {
          yield []
        },
      },
    },
  })
  assert.deepEqual(source.secrets, [{ kind: 'env', name: 'CRM_TOKEN' }])
  assert.deepEqual(source.describe, { region: 'eu' })
  assert.deepEqual(source.streams['deals']?.primaryKey, ['deal_id'])
  assert.equal(source.streams['deals']?.order, 'updated_at')
  assert.equal(source.streams['deals']?.disposition, 'merge')
  assert.deepEqual(source.streams['deals']?.columns, [
    { name: 'deal_id', field: 'dealId', type: { kind: 'text' }, nullable: false },
    { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
    { name: 'updated_at', field: 'updatedAt', type: { kind: 'timestamptz' } },
  ])
})

test('deleted records, settings and counts reach the other side', async () => {
  const source = defineSource({
    settings: { token: env('CRM_TOKEN') },
    streams: {
      people: {
        columns,
        primaryKey: ['id'],
        deletes: 'soft flag',
        async *read({ settings }) {
          yield { rows: [{ id: 1, name: settings.token }], deleted: [{ id: 2 }], filtered: 3 }
        },
        count: async () => 5,
      },
    },
  }).create()
  await source.open(context)
  const signal = new AbortController().signal
  const [batch] = await collect(
    source.read({ streams: [{ stream: 'people', positions: {}, full: false }], signal }),
  )
  assert.deepEqual(batch, {
    stream: 'people',
    payload: {
      kind: 'rows',
      rows: [{ id: 1, name: 'value of CRM_TOKEN' }, { id: 2 }],
      operations: ['upsert', 'delete'],
    },
    filtered: 3,
  })
  assert.ok(supportsCount(source))
  assert.equal(await source.count('people', signal), 5)
})

test('what is yielded but is not rows is an error that names the stream', async () => {
  const source = defineSource({
    streams: {
      people: {
        columns,
        // @ts-expect-error a single row where an array belongs
        async *read() {
          yield row
        },
      },
    },
  }).create()
  await source.open(context)
  const signal = new AbortController().signal
  const reading = collect(
    source.read({ streams: [{ stream: 'people', positions: {}, full: false }], signal }),
  )
  await assert.rejects(reading, (error) => {
    assert.ok(CaudalError.isInstance(error))
    assert.equal(error.code, 'CAUDAL_SOURCE_YIELD')
    assert.match(error.message, /crm\.people.*an object with the keys id, name/)
    return true
  })
})

test('two fields that become one column are refused', () => {
  const collide = (): unknown =>
    defineSource({
      streams: {
        people: {
          columns: { firstName: text(), first_name: text() },
          async *read() {
            yield []
          },
        },
      },
    })
  assert.throws(collide, { code: 'CAUDAL_NAME_COLLISION' })
})

test('what `read` throws names the stream, the cause and the line, and ends no other stream', async () => {
  const source = defineSource({
    streams: {
      people: {
        columns,
        async *read() {
          yield { rows: [row], position: 1 }
          throw new Error('answered 503', { cause: new Error('socket hang up') })
        },
      },
      teams: {
        columns,
        async *read() {
          yield [row]
        },
      },
    },
  }).create()
  await source.open(context)
  const streams = ['people', 'teams'].map((stream) => ({ stream, positions: {}, full: false }))
  const seen: string[] = []
  for await (const batch of source.read({ streams, signal: new AbortController().signal })) {
    if (!('failure' in batch)) {
      seen.push(batch.stream)
      continue
    }
    assert.ok(CaudalError.isInstance(batch.failure))
    assert.match(batch.failure.message, /^crm\.people: `read` threw "answered 503" \(socket hang up\)/)
    assert.match(batch.failure.hint ?? '', /packages\/authoring\/test\/source\.test\.ts:\d+/)
    assert.ok(batch.failure.retryable)
  }
  assert.deepEqual(seen, ['people', 'teams', 'teams'])
})
