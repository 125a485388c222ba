import {
  CaudalError,
  isSecretReference,
  type JsonValue,
  type Source,
  type SourceBatch,
  type SourceContext,
  type StreamDescription,
} from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { SourceFactory, SourceFixture, SourceRecord } from './fixture.ts'
import type { Replica, DeliveredBatch, DeliveredRow } from './replica.ts'

const patienceMs = 20_000

/** How a stream is asked. */
export interface Asking {
  readonly positions?: Readonly<Record<string, JsonValue>>
  readonly full?: boolean
  readonly signal?: AbortSignal
}

/** A fixture with what a test does to its source. One per test. */
export class SourceWorld {
  readonly fixture: SourceFixture
  readonly #scratchPath: string
  readonly #opened: Source[] = []
  readonly #secrets = new Map<string, string>()

  private constructor(fixture: SourceFixture, scratchPath: string) {
    this.fixture = fixture
    this.#scratchPath = scratchPath
  }

  static async create(factory: SourceFactory, records: readonly SourceRecord[]): Promise<SourceWorld> {
    return new SourceWorld(await factory(records), await mkdtemp(path.join(tmpdir(), 'caudal-contract-')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#opened) await inTime(source.close(), 'close')
    await this.fixture.close()
    await rm(this.#scratchPath, { recursive: true, force: true })
  }

  /** Another source, open and asked for its streams, as the engine does; it is closed with the world. */
  async open(): Promise<Source> {
    const source = this.fixture.create()
    this.#opened.push(source)
    await inTime(source.open(this.#context()), 'open')
    await this.describe(source)
    return source
  }

  /** What the source says of the stream. @throws why it could not be discovered. */
  async describe(source: Source): Promise<StreamDescription> {
    const streams = await inTime(source.discover(AbortSignal.timeout(patienceMs)), 'discover')
    const { stream: wanted } = this.fixture
    const found = streams.find((one) => ('failure' in one ? one.stream : one.name) === wanted)
    assert.ok(found !== undefined, `discover names the stream ${wanted}`)
    if ('failure' in found) throw found.failure
    return found
  }

  /** Reads the stream to its end; every batch must be well formed. What ends the stream is thrown. */
  async *read(source: Source, asking: Asking = {}): AsyncGenerator<DeliveredBatch> {
    const { positions = {}, full = false, signal = AbortSignal.timeout(patienceMs) } = asking
    const streams = [{ stream: this.fixture.stream, positions, full }]
    let isComplete = false
    for await (const batch of source.read({ streams, signal })) {
      if ('failure' in batch) throw batch.failure
      const rows = await this.#rowsOf(batch)
      checkBatch(batch, rows, this.fixture.stream)
      assert.ok(!isComplete || rows.length === 0, 'nothing follows the batch that completes the stream')
      isComplete = batch.complete === true
      yield { batch, rows }
    }
  }

  /** All batches of a read. */
  async readAll(source: Source, asking: Asking = {}): Promise<DeliveredBatch[]> {
    const delivered: DeliveredBatch[] = []
    for await (const item of this.read(source, asking)) delivered.push(item)
    return delivered
  }

  /** Reads with another source and applies all to the table. @returns the positions after it. */
  async readInto(table: Replica, asking: Asking = {}): Promise<Record<string, JsonValue>> {
    const { positions = {}, full = false } = asking
    table.begin(full || Object.keys(positions).length === 0)
    const delivered = await this.readAll(await this.open(), asking)
    for (const item of delivered) table.apply(item)
    return { ...(full ? {} : positions), ...positionsAfter(delivered) }
  }

  /** Rows of a batch. */
  async #rowsOf({ payload }: SourceBatch): Promise<readonly DeliveredRow[]> {
    if (payload.kind === 'rows') return payload.rows
    if (payload.kind === 'ndjson') return parseLines(Buffer.from(payload.bytes).toString())
    if (this.fixture.readFile !== undefined) return this.fixture.readFile(payload)
    assert.equal(
      payload.format,
      'ndjson',
      'a fixture whose source delivers other files than NDJSON reads them',
    )
    return parseLines(await readFile(payload.path, 'utf8'))
  }

  #context(): SourceContext {
    const { settings = {}, projectPath = this.#scratchPath } = this.fixture
    return {
      source: 'contract',
      projectPath,
      scratchPath: this.#scratchPath,
      resolve: (setting) => {
        if (!isSecretReference(setting)) return setting
        const value = settings[setting.name]
        if (value !== undefined) return value
        throw new CaudalError({ code: 'CAUDAL_SECRET_MISSING', message: `${setting.name} is not set.` })
      },
      readSecret: async (name) => this.#secrets.get(name),
      writeSecret: async (name, value) => void this.#secrets.set(name, value),
      log: () => undefined,
    }
  }
}

/** The last position of each partition. */
export function positionsAfter(delivered: readonly DeliveredBatch[]): Record<string, JsonValue> {
  return Object.fromEntries(
    delivered.flatMap(({ batch }) =>
      batch.position === undefined ? [] : [[batch.partition ?? '', throughJson(batch.position)]],
    ),
  )
}

/** Rejects when it takes unreasonably long. */
export async function inTime<Value>(promise: Promise<Value>, what: string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what} takes longer than ${patienceMs} ms`)), patienceMs)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

function throughJson(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}

function checkBatch(batch: SourceBatch, rows: readonly DeliveredRow[], stream: string): void {
  const { payload, position } = batch
  assert.equal(batch.stream, stream, 'a batch names the stream that was asked for')
  if (position !== undefined) {
    assert.notEqual(position, null, 'null is no position')
    assert.deepEqual(throughJson(position), position, 'a position survives JSON')
  }
  if (payload.kind === 'rows' && payload.operations !== undefined) {
    assert.equal(payload.operations.length, payload.rows.length, 'there is one operation per row')
  }
  if (payload.kind !== 'ndjson') return
  assert.ok(payload.bytes.length === 0 || payload.bytes.at(-1) === 0x0a, 'each line is ended')
  assert.equal(rows.length, payload.rows, 'the rows of NDJSON are counted')
  const fields = new Set(rows.flatMap((row) => Object.keys(row)))
  assert.deepEqual(new Set(payload.fields), fields, 'the fields of NDJSON are all named')
}

function parseLines(text: string): DeliveredRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DeliveredRow)
}
