import {
  CaudalError,
  type SourceBatch,
  type SourceContext,
  type StreamDescription,
  type StreamRequest,
} from '@caudal/spec'
import { examineFile } from '../find/examine.ts'
import { findFiles, type FoundFile } from '../find/find-files.ts'
import { declarationOf, pathsOf, type FileStreamDeclaration } from './declaration.ts'
import { asFileState, diskFacts, isUntouched, stateOf, type DiskFacts, type FileState } from './file-state.ts'
import { lookAt, type LookedAt } from './look.ts'
import { checkColumns } from './missing-columns.ts'
import type { FileStreamOptions } from './options.ts'
import { StreamColumns, declaredColumn } from './stream-columns.ts'

/** Files that are looked at to describe a stream. */
const sampledMax = 5

/** One stream of files while the source is open. */
export class FileStream {
  readonly name: string
  readonly #options: FileStreamOptions
  readonly #context: SourceContext
  readonly #declaration: FileStreamDeclaration
  readonly #looked = new Map<string, { readonly facts: DiskFacts; readonly looked: LookedAt }>()
  #columns: StreamColumns

  constructor(name: string, options: FileStreamOptions, context: SourceContext) {
    this.name = name
    this.#options = options
    this.#context = context
    this.#declaration = declarationOf(options)
    this.#columns = this.#newColumns()
  }

  /** The files of the stream now, in the order in which they are read. */
  files(): Promise<readonly FoundFile[]> {
    return findFiles(pathsOf(this.#options), this.#context, this.name)
  }

  /** The stream with its columns, by some of its files. */
  async describe(): Promise<StreamDescription> {
    const files = await this.files()
    if (files.length === 0 && this.#declaration.columns === undefined) throw this.#nothingFound()
    this.#columns = this.#newColumns()
    const looked: LookedAt[] = []
    for (const file of spread(files, sampledMax))
      looked.push(await this.#lookAt(file, await this.#facts(file)))
    this.#columns.add(looked)
    const { columns, isTyped } = this.#columns
    return { ...this.#declaration, name: this.name, columns, isTyped }
  }

  /** Batches of what is new or changed. A file that cannot be read does not keep the others from being read: its error goes to `failed`. */
  async *read(request: StreamRequest, failed: (error: unknown) => void): AsyncGenerator<SourceBatch> {
    const files = await this.files()
    const { disposition, deletes } = this.#declaration
    const isWhole = disposition === 'replace' || deletes === 'key sweep' || deletes === 'full re-sync'
    if (isWhole) yield* this.#readWhole(request, files)
    else yield* this.#readEach(request, files, failed)
  }

  async *#readEach(
    request: StreamRequest,
    files: readonly FoundFile[],
    failed: (error: unknown) => void,
  ): AsyncGenerator<SourceBatch> {
    for (const file of files) {
      let batch: SourceBatch | undefined
      try {
        const known = asFileState(request.positions[file.name])
        const read = await this.#readIfNew(file, known)
        if (read !== undefined)
          batch = { ...read.batch, partition: file.name, position: read.state, replacesPartition: true }
      } catch (error) {
        failed(error)
      }
      if (batch !== undefined) yield batch
    }
  }

  /** All files become one snapshot as soon as one of them is new, changed or gone. */
  async *#readWhole(request: StreamRequest, files: readonly FoundFile[]): AsyncGenerator<SourceBatch> {
    const known = knownStates(request)
    if (files.length === 0) {
      if (Object.keys(known).length > 0) throw this.#nothingFound()
      return
    }
    if (!request.full && (await this.#isSame(files, known))) return
    const states: Record<string, FileState> = {}
    for (const [index, file] of files.entries()) {
      const read = await this.#readIfNew(file, undefined)
      if (read === undefined) continue
      this.#refuseChange(file, known[file.name], read.state)
      states[file.name] = read.state
      const isLast = index === files.length - 1
      yield {
        ...read.batch,
        ...(index === 0 ? { begins: true } : {}),
        ...(isLast ? { complete: true, position: { files: states } } : {}),
      }
    }
  }

  async #isSame(files: readonly FoundFile[], known: Readonly<Record<string, FileState>>): Promise<boolean> {
    if (files.length !== Object.keys(known).length) return false
    for (const file of files) {
      const state = known[file.name]
      if (state === undefined || (await this.#readIfNew(file, state)) !== undefined) return false
    }
    return true
  }

  /** The batch of a file, or `undefined` when its bytes are those that were loaded. */
  async #readIfNew(
    file: FoundFile,
    known: FileState | undefined,
  ): Promise<{ readonly batch: SourceBatch; readonly state: FileState } | undefined> {
    const facts = await this.#facts(file)
    if (known !== undefined && isUntouched(known, facts)) return undefined
    const looked = await this.#lookAt(file, facts)
    const { sha256 } = await examineFile({
      path: facts.path,
      name: file.name,
      format: looked.format,
      encoding: this.#options.text?.encoding,
    })
    if (known?.sha256 === sha256) return undefined
    const state = stateOf(sha256, facts, Date.now())
    this.#refuseChange(file, known, state)
    const [profile] = this.#columns.add([looked])
    checkColumns(file.name, looked, this.#declaration, this.#context)
    const { format, compression } = looked
    const payload = {
      kind: 'file',
      path: facts.path,
      origin: file.name,
      format,
      sha256,
      ...(compression === undefined ? {} : { compression }),
      ...(profile?.text === undefined ? {} : { text: profile.text }),
    } as const
    return { state, batch: { stream: this.name, payload, schema: this.#columns.columns } }
  }

  async #lookAt(file: FoundFile, facts: DiskFacts): Promise<LookedAt> {
    const earlier = this.#looked.get(file.name)
    if (earlier !== undefined && isUntouched(earlier.facts, facts)) return earlier.looked
    const looked = await lookAt(facts.path, file.name, {
      format: this.#options.format,
      text: this.#options.text ?? {},
      declared: (field) => declaredColumn(this.#declaration.columns ?? [], field),
    })
    this.#looked.set(file.name, { facts, looked })
    return looked
  }

  #facts(file: FoundFile): Promise<DiskFacts> {
    return diskFacts(file.path ?? '', file.name)
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
