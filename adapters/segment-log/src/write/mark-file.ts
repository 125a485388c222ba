import { closeSync, constants, fdatasyncSync, openSync } from 'node:fs'
import { encodeMark, slotBytes, type Mark } from '../format/mark.ts'
import { markPath, type TopicFolder } from '../format/topic-folder.ts'
import { writeAll } from './write-all.ts'

/** The two slots that say what was acknowledged: the older one is overwritten, so that a torn write leaves the other. */
export class MarkFile {
  readonly #file: number
  #mark: Mark

  constructor(folder: TopicFolder, mark: Mark) {
    this.#file = openSync(markPath(folder), constants.O_RDWR | constants.O_CREAT, 0o600)
    this.#mark = mark
  }

  get mark(): Mark {
    return this.#mark
  }

  /** Moves the mark and syncs it. */
  move(change: Partial<Omit<Mark, 'sequence'>>): void {
    this.#mark = { ...this.#mark, ...change, sequence: this.#mark.sequence + 1 }
    const bytes = encodeMark(this.#mark)
    const slot = (this.#mark.sequence % 2) * slotBytes(this.#mark.next.length)
    writeAll(this.#file, bytes, slot)
    fdatasyncSync(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}
