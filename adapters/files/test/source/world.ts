import assert from 'node:assert/strict'
import type { CaudalError, JsonValue, SourceBatch, SourceContext } from '@caudal/spec'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { files, type FilesOptions } from '../../src/index.ts'

/** A project folder with files in it. */
export class FilesWorld {
  readonly folder: string
  readonly logged: string[] = []

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(
    t: TestContext,
    contents: Readonly<Record<string, string | Uint8Array>> = {},
  ): Promise<FilesWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-files-'))
    t.after(() => rm(folder, { recursive: true, force: true }))
    const world = new FilesWorld(folder)
    for (const [name, content] of Object.entries(contents)) await world.write(name, content)
    return world
  }

  /** Writes a file as if it had been there for a while. */
  async write(name: string, content: string | Uint8Array, ageSeconds = 60): Promise<void> {
    const whole = path.join(this.folder, name)
    await mkdir(path.dirname(whole), { recursive: true })
    await writeFile(whole, content)
    const then = Date.now() / 1000 - ageSeconds
    await utimes(whole, then, then)
  }

  context(environment: Readonly<Record<string, string>> = {}): SourceContext {
    return {
      source: 'exports',
      projectPath: this.folder,
      scratchPath: path.join(this.folder, '.scratch'),
      resolve: (setting) => (typeof setting === 'string' ? setting : (environment[setting.name] ?? '')),
      readSecret: async () => undefined,
      writeSecret: async () => undefined,
      log: (_level, message) => void this.logged.push(message),
    }
  }

  /** The text of the only file that a first read delivers. */
  async readOne(options: FilesOptions): Promise<string> {
    const { contents, errors } = await this.read(options)
    for (const error of errors) throw error
    assert.equal(contents.length, 1)
    return String(contents[0])
  }

  /** Reads as a run would: what is described, from the given positions. */
  async read(
    options: FilesOptions,
    positions: Positions = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Read> {
    await mkdir(path.join(this.folder, '.scratch'), { recursive: true })
    const source = files(options).create()
    await source.open(this.context(environment))
    const batches: SourceBatch[] = []
    const contents: Buffer[] = []
    const after: Record<string, Record<string, JsonValue>> = structuredClone(positions)
    const errors: CaudalError[] = []
    try {
      const requests = []
      for (const one of await source.discover(AbortSignal.timeout(30_000))) {
        if ('failure' in one) errors.push(one.failure as CaudalError)
        else requests.push({ stream: one.name, positions: positions[one.name] ?? {}, full: false })
      }
      for await (const batch of source.read({ streams: requests, signal: AbortSignal.timeout(60_000) })) {
        if ('failure' in batch) {
          errors.push(batch.failure as CaudalError)
          continue
        }
        batches.push(batch)
        if (batch.payload.kind === 'file') contents.push(await readFile(batch.payload.path))
        if (batch.position === undefined) continue
        after[batch.stream] = { ...after[batch.stream], [batch.partition ?? '']: batch.position }
      }
    } finally {
      await source.close()
    }
    return { batches, contents, positions: after, errors }
  }
}

/** Stream → partition → position. */
export type Positions = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>

/** What a read gave. */
export interface Read {
  readonly batches: readonly SourceBatch[]
  /** Bytes of the files, by batch. */
  readonly contents: readonly Buffer[]
  readonly positions: Positions
  readonly errors: readonly CaudalError[]
}
