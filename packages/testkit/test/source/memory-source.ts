import {
  CaudalError,
  type CheckingSource,
  type Column,
  type CountingSource,
  type JsonValue,
  type ReadRequest,
  type SourceBatch,
  type SourceCapabilities,
  type SourceCheck,
  type StreamDescription,
  type StreamRequest,
} from '@caudal/spec'
import type { SourceFactory, SourceFixture, SourceRecord } from '../../src/index.ts'

/** How the records of a {@link MemorySource} are read. */
export type MemoryKind = 'whole' | 'changes' | 'journal'

const columns: readonly Column[] = ['id', 'title', 'updated_at'].map((name) => ({
  name,
  type: { kind: 'text' },
}))

const descriptions: Readonly<
  Record<MemoryKind, Pick<StreamDescription, 'disposition' | 'primaryKey' | 'deletes'>>
> = {
  whole: { disposition: 'replace', primaryKey: [], deletes: 'full re-sync' },
  changes: { disposition: 'merge', primaryKey: ['id'], deletes: 'none' },
  journal: { disposition: 'append', primaryKey: [], deletes: 'none' },
}

/** The array that a {@link MemorySource} reads. */
export interface Memory {
  records: readonly SourceRecord[]
  isBroken: boolean
}

/** Records per batch. */
const pageSize = 4

/** A source over an array, as small as one that keeps the contract can be. */
export class MemorySource implements CountingSource, CheckingSource {
  readonly name = 'memory'
  readonly capabilities: SourceCapabilities
  readonly memory: Memory
  readonly kind: MemoryKind

  constructor(memory: Memory, kind: MemoryKind) {
    this.memory = memory
    this.kind = kind
    const guarantee = kind === 'changes' ? 'once per key' : 'exactly once'
    this.capabilities = Object.freeze({ guarantee, hasCount: true, hasCheck: true } as const)
  }

  async open(): Promise<void> {}

  async discover(): Promise<readonly StreamDescription[]> {
    const contract = { columns: 'evolve', types: 'evolve' } as const
    return [{ name: 'notes', columns, isTyped: true, contract, ...descriptions[this.kind] }]
  }

  async *read({ streams, signal }: ReadRequest): AsyncGenerator<SourceBatch> {
    for (const request of streams) {
      signal.throwIfAborted()
      for (const batch of this.batches(request)) {
        yield batch
        signal.throwIfAborted()
      }
    }
  }

  async count(): Promise<number> {
    return this.memory.records.length
  }

  async check(): Promise<SourceCheck> {
    return { streams: [{ stream: 'notes', isReadable: true }] }
  }

  async close(): Promise<void> {}

  /** All batches of a stream, from its position on. */
  protected *batches(request: StreamRequest): Generator<SourceBatch> {
    const position = request.full ? undefined : request.positions['']
    const isFromStart = position === undefined
    const found = this.found(position)
    for (let index = 0; index < found.length; index += pageSize) {
      if (this.memory.isBroken && index > pageSize) throw this.trouble()
      const page = found.slice(index, index + pageSize)
      yield {
        stream: 'notes',
        payload: { kind: 'rows', rows: page.map((record) => ({ ...record })) },
        ...this.place(page, found, index),
      }
    }
    if (isFromStart || this.kind === 'whole') {
      yield {
        stream: 'notes',
        payload: { kind: 'rows', rows: [] },
        complete: true,
        ...(found.length === 0 ? {} : this.place(found.slice(-1), found, found.length - 1)),
      }
    }
  }

  /** Where reading goes on after a page. A whole read has no such place. */
  protected place(
    page: readonly SourceRecord[],
    found: readonly SourceRecord[],
    index: number,
  ): { position?: JsonValue } {
    if (this.kind === 'whole') return {}
    if (this.kind === 'changes') return { position: page.at(-1)?.updated_at ?? '' }
    return { position: this.memory.records.length - found.length + index + page.length }
  }

  protected found(position: JsonValue | undefined): readonly SourceRecord[] {
    const { records } = this.memory
    if (this.kind === 'journal') return records.slice(Number(position ?? 0))
    if (this.kind === 'whole' || position === undefined) return byChange(records)
    return byChange(records).filter((record) => record.updated_at > String(position))
  }

  protected trouble(): Error {
    return new CaudalError({
      code: 'CAUDAL_MEMORY_BROKEN',
      message: 'memory.notes: the array is broken. What was delivered stays.',
      hint: 'Mend it.',
    })
  }
}

function byChange(records: readonly SourceRecord[]): readonly SourceRecord[] {
  return records.toSorted((a, b) => (a.updated_at < b.updated_at ? -1 : a.updated_at > b.updated_at ? 1 : 0))
}

/** A factory of fixtures over an array. */
export function memoryFactory(
  kind: MemoryKind,
  create: (memory: Memory, kind: MemoryKind) => MemorySource = (memory) => new MemorySource(memory, kind),
): SourceFactory {
  return async (records): Promise<SourceFixture> => {
    const memory: Memory = { records, isBroken: false }
    return {
      stream: 'notes',
      create: () => create(memory, kind),
      async put(next) {
        memory.records = next
      },
      async fail() {
        memory.isBroken = true
      },
      async close() {},
    }
  }
}
