import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Readable } from 'node:stream'
import { lakeBehaviours, lakeContract } from '../../src/index.ts'
import { MemoryLake, memoryLakes } from './memory-lake.ts'

lakeContract('a lake in memory', memoryLakes(MemoryLake))

/** One fault each, and the behaviour that must notice it. */
const broken: readonly {
  readonly fault: string
  readonly breaks: RegExp
  readonly lake: typeof MemoryLake
}[] = [
  {
    fault: 'the last writer wins',
    breaks: /keeps the first bytes/,
    lake: class extends MemoryLake {
      protected override keep(key: string, bytes: Uint8Array): boolean {
        this.objects.set(key, bytes)
        return true
      }
    },
  },
  {
    fault: 'the loser of a race is told that it won',
    breaks: /racing writers/,
    lake: class extends MemoryLake {
      protected override keep(key: string, bytes: Uint8Array): boolean {
        super.keep(key, bytes)
        return true
      }
    },
  },
  {
    fault: 'an object can be seen while it is written',
    breaks: /whole or not at all/,
    lake: class extends MemoryLake {
      protected override async collect(key: string, body: Uint8Array | Readable): Promise<Uint8Array> {
        this.objects.set(key, Buffer.from('half'))
        const bytes = await super.collect(key, body)
        this.objects.delete(key)
        return bytes
      }
    },
  },
  {
    fault: 'bytes go through text',
    breaks: /gives back the bytes/,
    lake: class extends MemoryLake {
      protected override keep(key: string, bytes: Uint8Array): boolean {
        return super.keep(key, Buffer.from(Buffer.from(bytes).toString('utf8')))
      }
    },
  },
  {
    fault: 'what was put is gone when the lake is opened again',
    breaks: /opened again/,
    lake: class extends MemoryLake {
      constructor() {
        super(new Map())
      }
    },
  },
  {
    fault: 'keys are in the order of UTF-16, not of their bytes',
    breaks: /sorted and whole/,
    lake: class extends MemoryLake {
      protected override sorted(keys: readonly string[]): readonly string[] {
        return keys.toSorted()
      }
    },
  },
  {
    fault: 'keys come as they were put',
    breaks: /in order of their bytes/,
    lake: class extends MemoryLake {
      protected override sorted(keys: readonly string[]): readonly string[] {
        return keys
      }
    },
  },
  {
    fault: 'a listing that goes on names the key again after which it goes on',
    breaks: /goes on with a listing/,
    lake: class extends MemoryLake {
      protected override isAfter(key: string, after: string): boolean {
        return key === after || super.isAfter(key, after)
      }
    },
  },
  {
    fault: 'objects are taken for folders',
    breaks: /names the folders/,
    lake: class extends MemoryLake {
      override async folders(prefix: string): Promise<readonly string[]> {
        const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix))
        return [...new Set(keys.map((key) => key.slice(prefix.length).split('/')[0] ?? ''))].toSorted()
      }
    },
  },
  {
    fault: 'a key may lead out',
    breaks: /lead out/,
    lake: class extends MemoryLake {
      protected override check(): void {
        // Every key is taken.
      }
    },
  },
  {
    fault: 'a deleted object can be read on',
    breaks: /once and for all/,
    lake: class extends MemoryLake {
      override async delete(): Promise<void> {
        // Nothing is deleted.
      }
    },
  },
  {
    fault: 'an object is located by its bare key',
    breaks: /locates an object/,
    lake: class extends MemoryLake {
      override locate(key: string): string {
        this.check(key)
        return key
      }
    },
  },
]

for (const { fault, breaks, lake } of broken) {
  test(`the lake contract sees that ${fault}`, async () => {
    const failed: string[] = []
    for (const behaviour of lakeBehaviours) {
      await behaviour.run(memoryLakes(lake)).catch(() => failed.push(behaviour.name))
    }
    assert.ok(
      failed.some((name) => breaks.test(name)),
      `noticed by: ${failed.join('; ') || 'none'}`,
    )
  })
}
