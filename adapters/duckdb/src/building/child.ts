import { CaudalError, type Readers } from '@caudal/spec'
import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { BuildJob, BuildWord } from './job.ts'

/** The module that runs in the child, beside the door of the package: built, bundled or neither. */
const door = import.meta.resolve('@caudal/duckdb')
const entry = fileURLToPath(new URL(`./building/main${path.extname(door)}`, door))

/**
 * Runs the child on a leash: when the owner dies, however it dies, its end of the pipe closes and the child is killed. It could not end by
 * itself while it is paused. Where the system can, the child gets the processor only when nobody else wants it: with the lowest priority alone
 * it still keeps it for some milliseconds after an answer was asked for, which doubled the time of a tile.
 */
const leash = `exec 8<&0
if chrt -i 0 true 2>/dev/null; then set -- chrt -i 0 "$@"; fi
"$@" </dev/null 8<&- & child=$!
exec 2>/dev/null
(read -r _ <&8; kill -9 "$child") & leash=$!
exec 8<&-
wait "$child"; status=$?
kill "$leash"
exit "$status"`

/** What the child may know of the owner's environment: no secret. */
const variables = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'TZ',
  'LANG',
  'LC_ALL',
  'NODE_OPTIONS',
  'LD_LIBRARY_PATH',
  'SystemRoot',
  'USERPROFILE',
]

/** How often the child gets a turn beside readers who never rest, and how long it is. */
const cycleMs = 500
const turnMs = 100

const canPause = process.platform !== 'win32'

/**
 * Has a child make a build. It has the lowest priority, and is paused while somebody waits for an answer, though not for ever. Aborted, it is
 * killed. @returns its last word. @throws CaudalError `CAUDAL_WAREHOUSE_BUILD_DIED`.
 */
export async function buildInChild(
  job: BuildJob,
  {
    readers,
    signal,
    what,
  }: { readonly readers: Readers; readonly signal: AbortSignal; readonly what: string },
): Promise<BuildWord> {
  const node = [process.execPath, ...process.execArgv, entry]
  const [command = '', ...parameters] = canPause ? ['/bin/sh', '-c', leash, 'sh', ...node] : node
  const child = spawn(command, parameters, {
    env: Object.fromEntries(
      variables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  const pauses = new Pauses(readers)
  const kill = (): void => {
    pauses.end()
    if (canPause) child.stdin?.destroy()
    else child.kill('SIGKILL')
  }
  signal.addEventListener('abort', kill)
  try {
    child.send(job, () => undefined)
    const word = await lastWord(child, (pid) => pauses.begin(pid))
    signal.throwIfAborted()
    if (word === undefined) throw died(what)
    return word
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
    await exited
  }
}

function lastWord(child: ChildProcess, started: (pid: number) => void): Promise<BuildWord | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<BuildWord | undefined>()
  child.on('message', (word: BuildWord) => {
    if (word.kind === 'started') started(word.pid)
    else resolve(word)
  })
  child.once('error', reject)
  child.once('exit', () => resolve(undefined))
  return promise
}

/** Stops a process while readers wait, but for its turns, so that it gets on beside readers who never rest. */
class Pauses {
  readonly #readers: Readers
  #pid: number | undefined
  #unwatch: (() => void) | undefined
  #cycle: NodeJS.Timeout | undefined
  #areWaiting = false
  #hasTurn = false

  constructor(readers: Readers) {
    this.#readers = readers
  }

  begin(pid: number): void {
    if (!canPause) return
    this.#pid = pid
    this.#unwatch = this.#readers.watch((areWaiting) => {
      this.#areWaiting = areWaiting
      this.#obey()
    })
    this.#cycle = setInterval(() => {
      this.#take(true)
      setTimeout(() => this.#take(false), turnMs)
    }, cycleMs)
  }

  end(): void {
    clearInterval(this.#cycle)
    this.#unwatch?.()
    this.#areWaiting = false
    this.#obey()
    this.#pid = undefined
  }

  #take(hasTurn: boolean): void {
    this.#hasTurn = hasTurn
    this.#obey()
  }

  #obey(): void {
    this.#signal(this.#areWaiting && !this.#hasTurn ? 'SIGSTOP' : 'SIGCONT')
  }

  #signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#pid === undefined) return
    try {
      process.kill(this.#pid, name)
    } catch {
      this.#pid = undefined
    }
  }
}

function died(what: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_WAREHOUSE_BUILD_DIED',
    message: `${what}: the process that builds it ended before it was done. Nothing was published; what readers see is unchanged.`,
    hint: 'The system may have ended it for its memory: lower the limit, duckdb({ path, memoryLimit }), and run again.',
    retryable: true,
  })
}
