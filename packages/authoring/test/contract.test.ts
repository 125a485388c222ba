import { CaudalError, type SourceDefinition } from '@caudal/spec'
import { sourceContract, type SourceFactory, type SourceRecord } from '@caudal/testkit'
import { defineSource, text } from '../src/index.ts'

interface Memory {
  records: readonly SourceRecord[]
  isBroken: boolean
}

const columns = { id: text().notNull(), title: text(), updated_at: text() }
const pageSize = 4

function* pagesOf(
  { isBroken }: Memory,
  records: readonly SourceRecord[],
): Generator<readonly SourceRecord[]> {
  for (let index = 0; index < records.length; index += pageSize) {
    if (isBroken && index > 0) {
      throw new CaudalError({ code: 'CAUDAL_TEST', message: 'notes: the array is broken.', hint: 'Mend it.' })
    }
    yield records.slice(index, index + pageSize)
  }
}

/** Every read brings all. */
function whole(memory: Memory): SourceDefinition {
  return defineSource({
    streams: {
      notes: {
        columns,
        async *read() {
          yield* pagesOf(memory, memory.records)
        },
        count: async () => memory.records.length,
      },
    },
  })
}

/** A read brings what changed since the one before. */
function changes(memory: Memory): SourceDefinition {
  return defineSource({
    streams: {
      notes: {
        columns,
        primaryKey: ['id'],
        cursor: 'updated_at',
        async *read({ position }) {
          const since = String(position ?? '')
          const found = memory.records
            .filter((record) => record.updated_at > since)
            .toSorted((a, b) => (a.updated_at < b.updated_at ? -1 : 1))
          for (const rows of pagesOf(memory, found))
            yield { rows, position: rows.at(-1)?.updated_at ?? since }
        },
      },
    },
  })
}

function held(define: (memory: Memory) => SourceDefinition): SourceFactory {
  return async (records) => {
    const memory: Memory = { records, isBroken: false }
    const definition = define(memory)
    return {
      stream: 'notes',
      create: () => definition.create(),
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

sourceContract('defineSource, whole', held(whole))
sourceContract('defineSource, changes by key', held(changes))
