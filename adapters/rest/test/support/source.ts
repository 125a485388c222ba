import { CaudalError, type JsonValue, type Source, type SourceBatch, type SourceContext } from '@caudal/spec'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { rest, type RestOptions } from '../../src/index.ts'

/** What a source logged, and where it keeps secrets. */
export interface Surroundings {
  readonly logged: string[]
  readonly secrets: Map<string, string>
}

/** An open source whose settings are taken as they are, closed with its test. */
export async function openSource(
  test: TestContext,
  options: RestOptions,
  surroundings: Surroundings = { logged: [], secrets: new Map() },
): Promise<Source & Surroundings> {
  const source = rest({ retry: { baseMs: 1 }, ...options }).create()
  await source.open(contextOf(surroundings))
  test.after(() => source.close())
  return Object.assign(source, surroundings)
}

function contextOf({ logged, secrets }: Surroundings): SourceContext {
  return {
    source: 'crm',
    projectPath: import.meta.dirname,
    scratchPath: import.meta.dirname,
    resolve: (setting) => (typeof setting === 'string' ? setting : `value of ${setting.name}`),
    readSecret: async (name) => secrets.get(name),
    writeSecret: async (name, value) => void secrets.set(name, value),
    log: (_level, message) => void logged.push(message),
  }
}

/** How a stream is to be read. */
export interface Asking {
  readonly position?: JsonValue | undefined
  readonly full?: boolean
  /** Stops after so many batches. */
  readonly batches?: number
}

/** What a read brought. */
export class Read {
  readonly batches: readonly SourceBatch[]
  readonly failure: CaudalError | undefined

  constructor(batches: readonly SourceBatch[], failure: CaudalError | undefined) {
    this.batches = batches
    this.failure = failure
  }

  /** The records as they would stand in the lake. */
  get records(): Record<string, JsonValue>[] {
    return this.batches.flatMap(recordsOf)
  }

  get ids(): JsonValue[] {
    return this.records.map((record) => record['id'] ?? null)
  }

  /** After the last batch. */
  get position(): JsonValue | undefined {
    return this.batches.at(-1)?.position
  }

  get isComplete(): boolean {
    return this.batches.at(-1)?.complete === true
  }

  /** The failure, which must be there. */
  get error(): CaudalError {
    assert.ok(this.failure !== undefined, 'the read did not fail')
    return this.failure
  }
}

/** Reads a stream, to its end or its failure. */
export async function read(source: Source, stream: string, asking: Asking = {}): Promise<Read> {
  const { position, full = false, batches: batchesMax = Infinity } = asking
  const batches: SourceBatch[] = []
  const request = { stream, full, positions: position === undefined ? {} : { '': position } }
  for await (const batch of source.read({ streams: [request], signal: AbortSignal.timeout(20_000) })) {
    if ('failure' in batch) {
      assert.ok(CaudalError.isInstance(batch.failure), String(batch.failure))
      return new Read(batches, batch.failure)
    }
    batches.push(batch)
    if (batches.length >= batchesMax) break
  }
  return new Read(batches, undefined)
}

function recordsOf({ payload }: SourceBatch): Record<string, JsonValue>[] {
  if (payload.kind === 'rows') {
    return payload.rows.map((row, index) => ({
      ...(row as Record<string, JsonValue>),
      ...(payload.operations?.[index] === 'delete' ? { isDeleted: true } : {}),
    }))
  }
  assert.equal(payload.kind, 'ndjson')
  const text = Buffer.from(payload.bytes).toString()
  assert.ok(text === '' || text.endsWith('\n'), 'each line is ended')
  const lines = text.split('\n').slice(0, -1)
  assert.equal(lines.length, payload.rows, 'the rows are counted')
  const records = lines.map((line) => JSON.parse(line) as Record<string, JsonValue>)
  const fields = new Set(records.flatMap((record) => Object.keys(record)))
  assert.deepEqual(new Set(payload.fields), fields, 'every field is named')
  return records
}
