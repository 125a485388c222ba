import path from 'node:path'
import { attach, findSocket, type AttachedOwner } from '@caudal/server'
import type { ProjectAnswer, RunSummary } from '@caudal/spec'

const isEnded = ({ state }: RunSummary): boolean => state !== 'queued' && state !== 'running'

/** A test's own way to the process that serves the board: its statements and runs, as the command line has them. */
export class OwnerDesk implements Disposable {
  readonly #owner: AttachedOwner

  private constructor(owner: AttachedOwner) {
    this.#owner = owner
  }

  /** Attaches to the owner that serves `url` over the warehouse of a project's folder. */
  static async open(url: string, folder: string, warehouse: string): Promise<OwnerDesk> {
    const project = (await (await fetch(new URL('/api/v1/project', url))).json()) as ProjectAnswer
    const socketPath = await findSocket(path.join(folder, warehouse))
    if (socketPath === undefined) throw new Error(`Nobody owns ${warehouse}`)
    const { target, fingerprint } = project
    return new OwnerDesk(await attach({ socketPath, target, projectPath: folder, fingerprint }))
  }

  /** The rows of a statement, each value as text. */
  async query(sql: string): Promise<Record<string, string | null>[]> {
    const rows: Record<string, string | null>[] = []
    for await (const chunk of this.#owner.query(sql, {}, AbortSignal.timeout(20_000))) {
      for (let index = 0; index < chunk.rows; index++) {
        const cells = chunk.columns.map(({ name }, at) => {
          const value = chunk.values[at]?.[index] ?? null
          return [name, value === null ? null : String(value)] as const
        })
        rows.push(Object.fromEntries(cells))
      }
    }
    return rows
  }

  /** Runs the graph to its end. @throws when the run failed. */
  async run(): Promise<void> {
    const ended = Promise.withResolvers<RunSummary>()
    const runs = new Map<string, RunSummary>()
    let id: string | undefined
    const leave = this.#owner.subscribe((event) => {
      if (event.kind !== 'run' || !isEnded(event.run)) return
      runs.set(event.run.id, event.run)
      if (event.run.id === id) ended.resolve(event.run)
    })
    try {
      ;({ id } = await this.#owner.runs.start({ select: [], trigger: 'test' }))
      const run = runs.get(id) ?? (await ended.promise)
      if (run.state !== 'succeeded') throw new Error(run.error?.message ?? `The run ${run.state}`)
    } finally {
      leave()
    }
  }

  [Symbol.dispose](): void {
    this.#owner.detach()
  }
}
