import {
  CaudalError,
  type FilePayload,
  type SourceBatch,
  type SourceContext,
  type StreamDescription,
  type StreamRequest,
} from '@caudal/spec'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { examineFile } from '../find/examine.ts'
import type { FoundFile } from '../find/find-files.ts'
import { declarationOf, pathsOf, type FileStreamDeclaration } from './declaration.ts'
import { asFileState, isUntouched, stateOf, type FileState } from './file-state.ts'
import type { LookedAt } from './look.ts'
import { checkColumns } from './missing-columns.ts'
import type { FileStreamOptions } from './options.ts'
import { StreamColumns } from './stream-columns.ts'
import { StreamFiles } from './stream-files.ts'

/** Files that are looked at to describe a stream. */
const sampledMax = 5

/** A read of one stream. */
export interface FileStreamRead {
  readonly request: StreamRequest
  readonly signal: AbortSignal
  /** Takes what is wrong with one file: the others are read all the same. */
  readonly failed: (error: unknown) => void
}

/** One stream of files while the source is open. */
export class FileStream {
  readonly name: string
  readonly #options: FileStreamOptions
  readonly #context: SourceContext
  readonly #declaration: FileStreamDeclaration
  readonly #files: StreamFiles
  readonly #reading: string
  #columns: StreamColumns

  constructor(
    name: string,
    options: FileStreamOptions,
    context: SourceContext,
    headers: Readonly<Record<string, string>>,
  ) {
    const declaration = declarationOf(options)
    this.name = name
    this.#options = options
    this.#context = context
    this.#declaration = declaration
    this.#files = new StreamFiles({ stream: name, options, declaration, context, headers })
    this.#reading = readingOf(options)
    this.#columns = this.#newColumns()
  }

  /** The files of the stream now. */
  files(): Promise<readonly FoundFile[]> {
    return this.#files.list()
  }

  /**
   * The stream with its columns, by some of its files; an address is not asked where columns are declared. A file that cannot be read is left
   * for `read` to tell, unless nothing else says what the columns are.
   */
  async describe(signal: AbortSignal): Promise<StreamDescription> {
    const files = await this.#files.list()
    const isDeclared = this.#declaration.columns !== undefined
    if (files.length === 0 && !isDeclared) throw this.#nothingFound()
    this.#columns = this.#newColumns()
    const looked: LookedAt[] = []
    const errors: unknown[] = []
    for (const file of spread(isDeclared ? files.filter(isLocal) : files, sampledMax)) {
      await this.#sample(file, looked, signal).catch((error: unknown) => errors.push(error))
    }
    this.#columns.learn(looked)
    for (const one of looked) {
      try {
        this.#columns.add(one)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0 && this.#columns.columns.length === 0) throw errors[0]
    const { columns, isTyped } = this.#columns
    return { ...this.#declaration, name: this.name, columns, isTyped }
  }

  async #sample(file: FoundFile, looked: LookedAt[], signal: AbortSignal): Promise<void> {
    const facts = await this.#files.facts(file, undefined, signal)
    if (facts !== undefined) looked.push(await this.#files.lookAt(file, facts))
  }

  /** Batches of what is new or changed. */
  async *read(read: FileStreamRead): AsyncGenerator<SourceBatch> {
    const files = await this.#files.list()
    const { disposition, deletes } = this.#declaration
    const isWhole = disposition === 'replace' || deletes === 'key sweep' || deletes === 'full re-sync'
    if (isWhole) yield* this.#readWhole(read, files)
    else yield* this.#readEach(read, files)
  }

  async *#readEach(
    { request, signal, failed }: FileStreamRead,
    files: readonly FoundFile[],
  ): AsyncGenerator<SourceBatch> {
    for (const file of files) {
      signal.throwIfAborted()
      let batch: SourceBatch | undefined
      try {
        const read = await this.#readIfNew(file, asFileState(request.positions[file.name]), signal)
        if (read !== undefined) {
          batch = { ...read.batch, partition: file.name, position: read.state, replacesPartition: true }
        }
      } catch (error) {
        signal.throwIfAborted()
        failed(error)
      }
      if (batch === undefined) continue
      yield batch
      await this.#forget(file, batch.payload as FilePayload)
    }
  }

  /** All files become one snapshot as soon as one of them is new, changed or gone. */
  async *#readWhole(
    { request, signal }: FileStreamRead,
    files: readonly FoundFile[],
  ): AsyncGenerator<SourceBatch> {
    const known = knownStates(request)
    if (files.length === 0) {
      if (Object.keys(known).length > 0) throw this.#nothingFound()
      return
    }
    if (!request.full && (await this.#isSame(files, known, signal))) return
    const states: Record<string, FileState> = {}
    for (const [index, file] of files.entries()) {
      const read = await this.#readIfNew(file, undefined, signal)
      if (read === undefined) continue
      this.#refuseChange(file, known[file.name], read.state)
      states[file.name] = read.state
      const isLast = index === files.length - 1
      yield {
        ...read.batch,
        ...(index === 0 ? { begins: true } : {}),
        ...(isLast ? { complete: true, position: { files: states } } : {}),
      }
      await this.#forget(file, read.batch.payload as FilePayload)
    }
  }

  async #isSame(
    files: readonly FoundFile[],
    known: Readonly<Record<string, FileState>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (files.length !== Object.keys(known).length) return false
    for (const file of files) {
      const state = known[file.name]
      if (state === undefined || (await this.#readIfNew(file, state, signal)) !== undefined) return false
    }
    return true
  }

  /** The batch of a file, or `undefined` when its bytes are those that were loaded. */
  async #readIfNew(
    file: FoundFile,
    known: FileState | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly batch: SourceBatch; readonly state: FileState } | undefined> {
    const isReadSo = known?.reading === this.#reading
    const facts = await this.#files.facts(file, isReadSo ? known : undefined, signal)
    if (facts === undefined || (isReadSo && known !== undefined && isUntouched(known, facts)))
      return undefined
    const looked = await this.#files.lookAt(file, facts)
    const { path } = facts
    const format = looked.converted === undefined ? looked.format : undefined
    const examined = await examineFile({
      path,
      name: file.name,
      format,
      encoding: this.#options.text?.encoding,
    })
    if (isReadSo && known?.sha256 === examined.sha256) return undefined
    const state = stateOf(examined.sha256, facts, this.#reading, Date.now())
    this.#refuseChange(file, known, state)
    this.#columns.learn([looked])
    const profile = this.#columns.add(looked)
    checkColumns(file.name, looked, this.#declaration, this.#context)
    const { converted, compression } = looked
    const payload: FilePayload = {
      kind: 'file',
      path: converted ?? path,
      origin: file.name,
      format: looked.format,
      ...(converted === undefined ? { sha256: examined.sha256 } : { convertedFrom: path }),
      ...(compression === undefined ? {} : { compression }),
      ...(profile.text === undefined ? {} : { text: profile.text }),
    }
    return { state, batch: { stream: this.name, payload, schema: this.#columns.columns } }
  }

  /** Removes what was fetched or converted for a batch that was taken. */
  async #forget(file: FoundFile, payload: FilePayload): Promise<void> {
    if (payload.convertedFrom !== undefined) await rm(payload.path, { force: true })
    if (file.url !== undefined) await rm(payload.convertedFrom ?? payload.path, { force: true })
  }

  #newColumns(): StreamColumns {
    const { columns = [], contract } = this.#declaration
    return new StreamColumns({ columns, contract })
  }

  #refuseChange(file: FoundFile, known: FileState | undefined, now: FileState): void {
    if (this.#options.changed !== 'refuse' || known === undefined || known.sha256 === now.sha256) return
    const where = `${this.#context.source}.${this.name}`
    throw new CaudalError({
      code: 'CAUDAL_FILE_CHANGED',
      message: `${where}: ${file.name} has other bytes than when it was loaded (${known.bytes} bytes then, ${now.bytes} now), and the stream refuses changed files. Its rows are unchanged.`,
      hint: `Give new data a new name; or take the change in: changed: 'replace'.`,
      context: { stream: this.name, file: file.name, loaded: known.sha256, found: now.sha256 },
    })
  }

  #nothingFound(): CaudalError {
    const { source, projectPath } = this.#context
    const paths = pathsOf(this.#options).map((path) =>
      typeof path === 'string' ? path : `${path.kind} ${path.name}`,
    )
    return new CaudalError({
      code: 'CAUDAL_FILE_NOT_FOUND',
      message: `${source}.${this.name}: no file matches ${paths.join(', ')} in ${projectPath}. Nothing was read; what was loaded before is unchanged.`,
      hint: 'Check `path` of the stream; or declare its columns, so that it may begin without files.',
      context: { stream: this.name, paths },
    })
  }
}

/** Digest of what the options say of how files are written. */
function readingOf({ format, sheet, text }: FileStreamOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([format, sheet, text]))
    .digest('hex')
    .slice(0, 16)
}

function isLocal(file: FoundFile): boolean {
  return file.url === undefined
}

function knownStates(request: StreamRequest): Readonly<Record<string, FileState>> {
  const position = request.positions['']
  const isSet = typeof position === 'object' && position !== null && 'files' in position
  return isSet ? (position as unknown as { files: Record<string, FileState> }).files : {}
}

/** Up to `most` of the list, the first and the last among them, evenly apart. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list
  return Array.from(
    { length: most },
    (_, index) => list[Math.round((index * (list.length - 1)) / (most - 1))] as T,
  )
}
