import type { SourceContext } from '@caudal/spec'
import path from 'node:path'
import { download } from '../find/download.ts'
import { findFiles, type FoundFile } from '../find/find-files.ts'
import { pathsOf, type FileStreamDeclaration } from './declaration.ts'
import { diskFacts, isUntouched, type DiskFacts, type FileState } from './file-state.ts'
import { lookAt, type LookedAt } from './look.ts'
import type { FileStreamOptions } from './options.ts'
import { declaredColumn } from './stream-columns.ts'

/** What the files of a stream are found and looked at with. */
export interface StreamFilesOptions {
  readonly stream: string
  readonly options: FileStreamOptions
  readonly declaration: FileStreamDeclaration
  readonly context: SourceContext
  /** Sent to addresses. */
  readonly headers: Readonly<Record<string, string>>
}

/** The files of one stream while the source is open: each is fetched and looked at once. */
export class StreamFiles {
  readonly #options: StreamFilesOptions
  readonly #looked = new Map<string, { readonly facts: DiskFacts; readonly looked: LookedAt }>()
  readonly #fetched = new Map<string, DiskFacts>()
  #folders = 0

  constructor(options: StreamFilesOptions) {
    this.#options = options
  }

  /** The files now, in the order in which they are read. */
  list(): Promise<readonly FoundFile[]> {
    const { options, context, stream } = this.#options
    return findFiles(pathsOf(options), context, stream)
  }

  /** The file on the disk, fetched where it is an address; `undefined` when its server says that the known bytes are still right. */
  async facts(
    file: FoundFile,
    known: FileState | undefined,
    signal: AbortSignal,
  ): Promise<DiskFacts | undefined> {
    if (file.url === undefined) return diskFacts(file.path ?? '', file.name)
    const earlier = this.#fetched.get(file.name)
    if (earlier !== undefined) {
      const { etag } = earlier.validators ?? {}
      return etag !== undefined && etag === known?.validators?.etag ? undefined : earlier
    }
    const fetched = await download({
      url: file.url,
      name: file.name,
      headers: this.#options.headers,
      folder: this.#newFolder(),
      signal,
      ...(known?.validators === undefined ? {} : { known: known.validators }),
    })
    if (fetched === undefined) return undefined
    const { bytes, contentType, validators } = fetched
    const facts = { path: fetched.path, bytes, modifiedMs: Date.now(), contentType, validators }
    this.#fetched.set(file.name, facts)
    return facts
  }

  /** What the file is and what its sample says; a workbook is converted first. */
  async lookAt(file: FoundFile, facts: DiskFacts): Promise<LookedAt> {
    const earlier = this.#looked.get(file.name)
    if (earlier !== undefined && isUntouched(earlier.facts, facts)) return earlier.looked
    const { options, declaration } = this.#options
    const looked = await lookAt(facts.path, file.name, {
      format: options.format,
      ...(facts.contentType === undefined ? {} : { contentType: facts.contentType }),
      text: options.text ?? {},
      declared: (field) => declaredColumn(declaration.columns ?? [], field),
      convert: async (name) => {
        const { convertExcel } = await import('../excel/convert-excel.ts')
        return convertExcel({ path: facts.path, name, sheet: options.sheet, folder: this.#newFolder() })
      },
    })
    this.#looked.set(file.name, { facts, looked })
    return looked
  }

  #newFolder(): string {
    return path.join(this.#options.context.scratchPath, `${this.#options.stream}-${this.#folders++}`)
  }
}
