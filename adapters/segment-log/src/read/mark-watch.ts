import { watch, type FSWatcher } from 'node:fs'
import { markPath, readMark, type TopicFolder } from '../format/topic-folder.ts'

/** File systems that tell nothing (network shares) are asked this often. */
const askEveryMs = 250

/** Waits until the mark of a topic moves, whichever process moves it. */
export class MarkWatch implements Disposable {
  readonly #folder: TopicFolder
  readonly #watcher: FSWatcher
  #wake: (() => void) | undefined

  constructor(folder: TopicFolder) {
    this.#folder = folder
    this.#watcher = watch(markPath(folder), () => this.#wake?.())
    this.#watcher.on('error', () => this.#wake?.())
    this.#watcher.unref()
  }

  /** Resolves when the mark is newer than the one with this sequence, or the signal aborts. */
  async changed(sequence: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const woken = Promise.withResolvers<void>()
      this.#wake = woken.resolve
      const mark = await readMark(this.#folder)
      if (mark === undefined || mark === 'unreadable' || mark.sequence > sequence) return
      const timer = setTimeout(woken.resolve, askEveryMs)
      const abort = (): void => woken.resolve()
      signal.addEventListener('abort', abort)
      await woken.promise
      signal.removeEventListener('abort', abort)
      clearTimeout(timer)
    }
  }

  [Symbol.dispose](): void {
    this.#watcher.close()
  }
}
