import { CaudalError, type Lake, type LakeCapabilities, type LakeObject } from '@caudal/spec'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { LakeFactory } from '../../src/index.ts'

/** A lake in memory. Faults are made by overriding one of its steps. */
export class MemoryLake implements Lake {
  readonly name = 'memory'
  readonly capabilities: LakeCapabilities = Object.freeze({ isLocal: false })
  protected readonly objects: Map<string, Uint8Array>

  constructor(objects: Map<string, Uint8Array>) {
    this.objects = objects
  }

  async putIfAbsent(key: string, body: Uint8Array | Readable): Promise<boolean> {
    this.check(key)
    return this.keep(key, await this.collect(key, body))
  }

  async putFileIfAbsent(key: string, path: string): Promise<boolean> {
    this.check(key)
    return this.keep(key, await readFile(path))
  }

  async get(key: string): Promise<Uint8Array> {
    this.check(key)
    const found = this.objects.get(key)
    if (found !== undefined) return found
    throw new CaudalError({ code: 'CAUDAL_LAKE_NOT_FOUND', message: `There is no object ${key}.` })
  }

  async *list(prefix: string, after = ''): AsyncGenerator<LakeObject> {
    for (const key of this.sorted([...this.objects.keys()])) {
      if (key.startsWith(prefix) && this.isAfter(key, after))
        yield { key, bytes: this.objects.get(key)?.length ?? 0 }
    }
  }

  async folders(prefix: string): Promise<readonly string[]> {
    const names = new Set<string>()
    for (const key of this.objects.keys()) {
      const [name, ...more] = key.slice(prefix.length).split('/')
      if (key.startsWith(prefix) && name !== undefined && more.length > 0) names.add(name)
    }
    return this.sorted([...names])
  }

  async delete(key: string): Promise<void> {
    this.objects.delete(key)
  }

  locate(key: string): string {
    this.check(key)
    return `memory://lake/${key}`
  }

  protected async collect(_key: string, body: Uint8Array | Readable): Promise<Uint8Array> {
    if (body instanceof Uint8Array) return Buffer.from(body)
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array))
    return Buffer.concat(chunks)
  }

  protected keep(key: string, bytes: Uint8Array): boolean {
    if (this.objects.has(key)) return false
    this.objects.set(key, bytes)
    return true
  }

  protected isAfter(key: string, after: string): boolean {
    return Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0
  }

  protected sorted(keys: readonly string[]): readonly string[] {
    return keys
      .map((key) => Buffer.from(key))
      .toSorted(Buffer.compare)
      .map(String)
  }

  protected check(key: string): void {
    const isSafe = key.split('/').every((part) => part !== '' && !/^\.{1,2}$|\0/.test(part))
    if (!isSafe) throw new CaudalError({ code: 'CAUDAL_LAKE_KEY', message: `${key} is no key.` })
  }
}

/** Lakes of a class; one that is opened again has its objects. */
export function memoryLakes(kind: typeof MemoryLake): LakeFactory {
  const folders = new Map<string, Map<string, Uint8Array>>()
  return {
    async open(folder) {
      const objects = folders.get(folder) ?? new Map<string, Uint8Array>()
      folders.set(folder, objects)
      return new kind(objects)
    },
  }
}
