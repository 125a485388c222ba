import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { errnoOf } from './lake-error.ts'

const ageMsMax = 24 * 60 * 60 * 1000

/** A name for an object that is being written, which tells who writes it. */
export function temporaryName(): string {
  return `${process.pid}-${randomUUID()}@${hostname()}`
}

/**
 * Removes what writers left behind that ended in the middle: at once where the name tells a process of this machine that is gone, else after
 * a day. The lake may be shared by other machines, and the owner's workers write to it too: nobody's unfinished object is touched.
 */
export async function removeLeftovers(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name)
    const facts = await stat(path).catch(() => undefined)
    if (facts === undefined) continue
    const isOld = Date.now() - facts.mtimeMs > ageMsMax
    if (isOld || isAbandoned(name, facts.mtimeMs)) await rm(path, { force: true })
  }
}

function isAbandoned(name: string, modifiedMs: number): boolean {
  const [, pid, host] = /^(\d+)-[^@]*@(.+)$/.exec(name) ?? []
  if (pid === undefined || host !== hostname()) return false
  // In a container every start has the same process ids.
  if (Number(pid) === process.pid) return modifiedMs < performance.timeOrigin
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (thrown) {
    return errnoOf(thrown) === 'ESRCH'
  }
}
