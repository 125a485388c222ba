import type { RunService } from '@caudal/engine'
import { CaudalError, noCounts, type PushEvent, type RunRecord, type RunSummary } from '@caudal/spec'

/** The runs of a pretend owner, in memory: every change of one is told as an event. */
export class RunsInMemory implements Pick<RunService, 'cancel' | 'list' | 'get'> {
  readonly #runs: RunRecord[] = []
  readonly #emit: (event: PushEvent) => void

  constructor(emit: (event: PushEvent) => void) {
    this.#emit = emit
  }

  get size(): number {
    return this.#runs.length
  }

  /** Adds a run, or puts it in the place of the one of its id. @returns its summary. */
  put(record: RunRecord): RunSummary {
    const index = this.#runs.findIndex(({ id }) => id === record.id)
    if (index === -1) this.#runs.push(record)
    else this.#runs[index] = record
    const run = summaryOf(record)
    this.#emit({ kind: 'run', run })
    return run
  }

  async cancel(id: string): Promise<boolean> {
    const run = await this.get(id)
    if (run.state !== 'running' && run.state !== 'queued') return false
    const stages = run.stages.map((stage) =>
      stage.state === 'succeeded' ? stage : { ...stage, state: 'cancelled' as const },
    )
    this.put({ ...run, state: 'cancelled', endedAt: new Date().toISOString(), stages })
    return true
  }

  list(limit: number, before?: string): Promise<readonly RunSummary[]> {
    const newest = this.#runs.toReversed()
    const from = before === undefined ? 0 : newest.findIndex(({ id }) => id === before) + 1
    return Promise.resolve(newest.slice(from, from + limit).map(summaryOf))
  }

  async get(id: string): Promise<RunRecord> {
    const found = this.#runs.find((run) => run.id === id)
    if (found !== undefined) return found
    throw new CaudalError({
      code: 'CAUDAL_RUN_UNKNOWN',
      message: `There is no run \`${id}\` in the run history.`,
      hint: 'List the runs: caudal status, or the runs page of the console.',
      context: { run: id },
    })
  }
}

function summaryOf({ stages, ...run }: RunRecord): RunSummary {
  return {
    ...run,
    stageCount: stages.length,
    failedStages: stages.filter((stage) => stage.state === 'failed').length,
    counts: stages.find((stage) => stage.counts !== undefined)?.counts ?? noCounts,
  }
}
