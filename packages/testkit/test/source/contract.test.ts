import type {
  JsonValue,
  SourceBatch,
  SourceCapabilities,
  StreamDescription,
  StreamRequest,
} from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceBehaviours, sourceContract, type SourceRecord } from '../../src/index.ts'
import { MemorySource, memoryFactory, type MemoryKind } from './memory-source.ts'

sourceContract('a source read whole', memoryFactory('whole'))
sourceContract('a source of changes', memoryFactory('changes'))
sourceContract('a journal', memoryFactory('journal'))

/** One fault each, and the behaviour that must notice it. */
const broken: readonly {
  readonly fault: string
  readonly kind: MemoryKind
  readonly breaks: RegExp
  readonly source: new (...parameters: ConstructorParameters<typeof MemorySource>) => MemorySource
}[] = [
  {
    fault: 'the last page is left out',
    kind: 'whole',
    breaks: /delivers every record/,
    source: class extends MemorySource {
      protected override found(position: JsonValue | undefined): readonly SourceRecord[] {
        return super.found(position).slice(0, -1)
      }
    },
  },
  {
    fault: 'the position is one record too far',
    kind: 'journal',
    breaks: /goes on from every position/,
    source: class extends MemorySource {
      protected override place(...parameters: Parameters<MemorySource['place']>): { position?: JsonValue } {
        return { position: Number(super.place(...parameters).position) + 1 }
      }
    },
  },
  {
    fault: 'the position is one record too near, where nothing may come twice',
    kind: 'journal',
    breaks: /goes on from every position/,
    source: class extends MemorySource {
      protected override place(...parameters: Parameters<MemorySource['place']>): { position?: JsonValue } {
        return { position: Number(super.place(...parameters).position) - 1 }
      }
    },
  },
  {
    fault: 'the position does not survive JSON',
    kind: 'changes',
    breaks: /goes on from every position/,
    source: class extends MemorySource {
      protected override place(...parameters: Parameters<MemorySource['place']>): { position?: JsonValue } {
        return { position: new Date(String(super.place(...parameters).position)) as unknown as JsonValue }
      }
    },
  },
  {
    fault: 'changes are never seen',
    kind: 'changes',
    breaks: /brings what changed/,
    source: class extends MemorySource {
      protected override found(position: JsonValue | undefined): readonly SourceRecord[] {
        return position === undefined ? super.found(position) : []
      }
    },
  },
  {
    fault: 'a full read goes on from the position',
    kind: 'changes',
    breaks: /on a full read/,
    source: class extends MemorySource {
      protected override batches(request: StreamRequest): Generator<SourceBatch> {
        return super.batches({ ...request, full: false })
      }
    },
  },
  {
    fault: 'a read that failed calls itself complete',
    kind: 'whole',
    breaks: /when the system fails/,
    source: class extends MemorySource {
      protected override *batches(request: StreamRequest): Generator<SourceBatch> {
        try {
          yield* super.batches(request)
        } catch {
          yield { stream: 'notes', payload: { kind: 'rows', rows: [] }, complete: true }
        }
      }
    },
  },
  {
    fault: 'a failure names nothing',
    kind: 'whole',
    breaks: /when the system fails/,
    source: class extends MemorySource {
      protected override trouble(): Error {
        return new Error('ECONNRESET')
      }
    },
  },
  {
    fault: 'the signal is not looked at',
    kind: 'changes',
    breaks: /when it is aborted/,
    source: class extends MemorySource {
      override async *read({ streams }: Parameters<MemorySource['read']>[0]): AsyncGenerator<SourceBatch> {
        for (const request of streams) yield* this.batches(request)
      }
    },
  },
  {
    fault: 'text is trimmed',
    kind: 'whole',
    breaks: /values as they are/,
    source: class extends MemorySource {
      protected override found(position: JsonValue | undefined): readonly SourceRecord[] {
        return super.found(position).map((record) => ({ ...record, title: record.title.trim() }))
      }
    },
  },
  {
    fault: 'lines are miscounted',
    kind: 'whole',
    breaks: /delivers every record/,
    source: class extends MemorySource {
      protected override *batches(request: StreamRequest): Generator<SourceBatch> {
        for (const batch of super.batches(request)) yield { ...batch, payload: miscounted(batch) }
      }
    },
  },
  {
    fault: 'another stream is delivered than was asked for',
    kind: 'whole',
    breaks: /delivers every record/,
    source: class extends MemorySource {
      protected override *batches(request: StreamRequest): Generator<SourceBatch> {
        for (const batch of super.batches(request)) yield { ...batch, stream: 'others' }
      }
    },
  },
  {
    fault: 'the count is wrong',
    kind: 'whole',
    breaks: /counts the live records/,
    source: class extends MemorySource {
      override async count(): Promise<number> {
        return this.memory.records.length + 1
      }
    },
  },
  {
    fault: 'its capabilities can be changed',
    kind: 'whole',
    breaks: /capabilities/,
    source: class extends MemorySource {
      override readonly capabilities: SourceCapabilities = {
        guarantee: 'exactly once',
        hasCount: true,
        hasCheck: true,
      }
    },
  },
  {
    fault: 'the schema changes from one look to the next',
    kind: 'whole',
    breaks: /twice the same/,
    source: class extends MemorySource {
      #looks = 0

      override async discover(): Promise<readonly StreamDescription[]> {
        const streams = await super.discover()
        return streams.map((stream) => ({ ...stream, description: `look ${this.#looks++}` }))
      }
    },
  },
]

for (const { fault, kind, breaks, source: Broken } of broken) {
  test(`the suite notices when ${fault}`, async () => {
    const factory = memoryFactory(kind, (memory) => new Broken(memory, kind))
    const failed: string[] = []
    for (const behaviour of sourceBehaviours) {
      await behaviour.run(factory).catch(() => failed.push(behaviour.name))
    }
    assert.ok(
      failed.some((name) => breaks.test(name)),
      `failed: ${failed.join('; ') || 'nothing'}`,
    )
  })
}

function miscounted({ payload }: SourceBatch): SourceBatch['payload'] {
  if (payload.kind !== 'rows' || payload.rows.length === 0) return payload
  const bytes = Buffer.from(payload.rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const fields = ['id', 'title', 'updated_at']
  return { kind: 'ndjson', bytes, rows: payload.rows.length + 1, fields }
}
