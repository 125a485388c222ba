import type { Lake } from '@caudal/spec'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** How a lake adapter is made for the contract suite: an empty one for a new folder; opened again, it has what was put. */
export interface LakeFactory {
  open(folder: string): Promise<Lake>
}

/** A lake with a folder of its own: one per test. */
export class LakeWorld {
  readonly lake: Lake
  readonly #folder: string
  readonly #factory: LakeFactory

  private constructor(folder: string, factory: LakeFactory, lake: Lake) {
    this.#folder = folder
    this.#factory = factory
    this.lake = lake
  }

  static async create(factory: LakeFactory): Promise<LakeWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-lake-'))
    return new LakeWorld(folder, factory, await factory.open(path.join(folder, 'lake')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** The same lake, opened once more. */
  again(): Promise<Lake> {
    return this.#factory.open(path.join(this.#folder, 'lake'))
  }

  /** A file outside the lake. */
  async file(content: string | Uint8Array): Promise<string> {
    const file = path.join(this.#folder, 'input.csv')
    await writeFile(file, content)
    return file
  }
}

/** The text of an object. */
export async function textOf(lake: Lake, key: string): Promise<string> {
  return Buffer.from(await lake.get(key)).toString()
}

/** Keys and sizes below a prefix, in the order in which they are listed. */
export async function listed(
  lake: Lake,
  prefix: string,
  afterKey?: string,
): Promise<(readonly [string, number])[]> {
  const found: (readonly [string, number])[] = []
  for await (const { key, bytes } of lake.list(prefix, afterKey)) found.push([key, bytes])
  return found
}

/** The keys of a listing. */
export function keysOf(objects: readonly (readonly [string, number])[]): string[] {
  return objects.map(([key]) => key)
}
