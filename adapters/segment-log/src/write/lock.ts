import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CaudalError } from '@caudal/spec'

/**
 * Keeps other writers out of a log while this process lives. SQLite's lock is the operating system's: it is gone with the process, whatever
 * ended it.
 * @throws CaudalError `CAUDAL_LOG_BUSY`.
 */
export class WriterLock implements Disposable {
  readonly #database: DatabaseSync

  constructor(root: string) {
    this.#database = new DatabaseSync(path.join(root, 'lock'))
    try {
      this.#database.exec('BEGIN EXCLUSIVE')
    } catch (error) {
      this.#database.close()
      throw new CaudalError({
        code: 'CAUDAL_LOG_BUSY',
        message: `Another process writes to the log in ${root}. Nothing was changed.`,
        hint: 'A log has one writer: give this target a log folder of its own, or stop the other process.',
        context: { root },
        cause: error,
      })
    }
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}
