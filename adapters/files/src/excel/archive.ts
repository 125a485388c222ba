import type { Readable } from 'node:stream'
import { open, type Entry, type ZipFile } from 'yauzl'

/** The parts of a workbook: a zip archive whose members are read one at a time. */
export class Archive {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** Opens the archive and lists its members. */
  static async open(path: string): Promise<Archive> {
    const zip = await new Promise<ZipFile>((resolve, reject) => {
      open(path, { lazyEntries: true, autoClose: false }, (error, opened) => {
        if (error === null) resolve(opened)
        else reject(error)
      })
    })
    const entries = new Map<string, Entry>()
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        entries.set(entry.fileName.replace(/^\//, ''), entry)
        zip.readEntry()
      })
      zip.once('end', resolve)
      zip.once('error', reject)
      zip.readEntry()
    })
    return new Archive(zip, entries)
  }

  /** The bytes of a member; `undefined` when there is none of that name. */
  async read(name: string): Promise<Readable | undefined> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return undefined
    return new Promise((resolve, reject) => {
      this.#zip.openReadStream(entry, (error, stream) => {
        if (error === null) resolve(stream)
        else reject(error)
      })
    })
  }

  close(): void {
    this.#zip.close()
  }
}
