import { toErrorReport, type ErrorReport, type RunRecord, type RunSummary } from '@caudal/spec'
import type { RunRequest } from '../owner/service.ts'
import type { ScheduleReader, ScheduleState, ScheduleWriter } from '../state/schedule-state.ts'
import type { ScheduleAlert } from './alert.ts'
import type { Clock } from './clock.ts'
import type { Schedule } from './parse-schedule.ts'
import { dueAt, firstState, onEnded, onTime } from './transitions.ts'

/** A source with its schedule. */
export interface ScheduledSource {
  readonly source: string
  /** As the project writes it. */
  readonly text: string
  readonly schedule: Schedule
}

/** What a scheduler works with. */
export interface SchedulerOptions {
  readonly target: string
  readonly clock: Clock
  readonly state: ScheduleReader & ScheduleWriter
  readonly startRun: (request: RunRequest) => Promise<RunSummary>
  /** Says to the outside that a run failed, is late, or went well again. */
  readonly alert: (alert: ScheduleAlert) => void
  readonly log: (
    level: 'info' | 'warn' | 'error',
    message: string,
    facts: Readonly<Record<string, string>>,
  ) => void
}

/** A schedule with what is known of it. */
export interface ScheduleFacts extends ScheduleState {
  /** Id of the run that it started and that is not over. */
  readonly run?: string
}

/** A run that ended, as far as schedules look at it. */
export type EndedRun = Pick<RunRecord, 'id' | 'trigger' | 'state' | 'error'>

interface Entry extends ScheduledSource {
  state: ScheduleState
  run: { readonly id: string; isLate: boolean } | undefined
}

/**
 * Starts the runs of scheduled sources, each source on its own: what a tick, the end of a run and a restart do is written in
 * `transitions.ts`. What it decided is in the control database before a run starts, so that a restart neither forgets nor repeats a tick.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #entries = new Map<string, Entry>()
  #work: Promise<void> = Promise.resolve()
  #cancelTimer: (() => void) | undefined
  #isClosed = false

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /**
   * Takes the schedules of the project, at the start and after a reload; one whose text is unchanged goes on where it was.
   * @param ended runs of a dead owner process that were ended at the start
   */
  async take(sources: readonly ScheduledSource[], ended: readonly EndedRun[] = []): Promise<void> {
    await this.#inTurn(async () => {
      const { state, target, clock } = this.#options
      const stored = new Map((await state.list(target)).map((one) => [one.source, one]))
      const before = new Map(this.#entries)
      this.#entries.clear()
      for (const one of sources) {
        const known = stored.get(one.source)
        const isKnown = known?.schedule === one.text
        const current = isKnown ? known : firstState(one.source, one.text, one.schedule, clock.now())
        this.#entries.set(one.source, { ...one, state: current, run: before.get(one.source)?.run })
        if (!isKnown) await state.save(target, current)
      }
      for (const run of ended) await this.#runEnded(run)
    })
    await this.#look()
  }

  /** A run ended; those that no schedule started are passed over. */
  ended(run: EndedRun): void {
    void this.#inTurn(() => this.#runEnded(run)).then(() => this.#look())
  }

  /** The schedules as they stand, by source. */
  facts(): ReadonlyMap<string, ScheduleFacts> {
    return new Map(
      [...this.#entries.values()].map(({ source, state, run }) => [
        source,
        { ...state, ...(run === undefined ? {} : { run: run.id }) },
      ]),
    )
  }

  /** Resolves when everything that is due by now is decided and recorded. */
  async settled(): Promise<void> {
    for (let work = this.#work; ; work = this.#work) {
      await work
      if (work === this.#work) return
    }
  }

  /** Starts nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.settled()
  }

  /** Looks at every schedule, then sleeps until the next is due. */
  #look(): Promise<void> {
    return this.#inTurn(async () => {
      this.#cancelTimer?.()
      if (this.#isClosed) return
      const { clock } = this.#options
      for (const entry of this.#entries.values()) await this.#advance(entry, clock.now())
      const times = [...this.#entries.values()].flatMap(({ state }) => dueAt(state) ?? [])
      if (times.length === 0) return
      const first = new Date(Math.min(...times.map(Number)))
      this.#cancelTimer = clock.wake(first, () => void this.#look())
    })
  }

  async #advance(entry: Entry, now: Date): Promise<void> {
    const { state, decision } = onTime(entry.state, entry.schedule, now, entry.run !== undefined)
    if (decision.kind === 'wait') return
    await this.#save(entry, state)
    if (decision.kind === 'overlap') return this.#late(entry, 'the run before is not over')
    if (decision.kind === 'run' && decision.missed > 0) {
      const ticks = decision.missed === 1 ? 'one tick' : `${decision.missed} ticks`
      await this.#late(entry, `${ticks} passed while no process ran the schedules`)
    }
    await this.#start(entry)
  }

  async #start(entry: Entry): Promise<void> {
    const { startRun, log } = this.#options
    const { source } = entry
    try {
      const { id } = await startRun({ select: [`source:${source}+`], trigger: triggerOf(source) })
      entry.run = { id, isLate: false }
      log('info', 'A scheduled run was started', { source, run: id })
    } catch (error) {
      await this.#apply(entry, { state: 'failed', error: toErrorReport(error) })
    }
  }

  async #runEnded(run: EndedRun): Promise<void> {
    const entry = [...this.#entries.values()].find(
      (one) => one.run?.id === run.id || (one.run === undefined && run.trigger === triggerOf(one.source)),
    )
    if (entry === undefined) return
    entry.run = undefined
    await this.#apply(entry, run)
  }

  async #apply(
    entry: Entry,
    run: Pick<EndedRun, 'state' | 'error'> & { readonly id?: string },
  ): Promise<void> {
    const { state, alert } = onEnded(entry.state, run, this.#options.clock.now())
    await this.#save(entry, state)
    if (alert !== undefined) this.#alert(entry, alert, run.id, run.error)
  }

  /** Once per run, and once until a run succeeds. */
  async #late(entry: Entry, why: string): Promise<void> {
    if (entry.run?.isLate === true) return
    if (entry.run !== undefined) entry.run.isLate = true
    const error: ErrorReport = {
      code: 'CAUDAL_RUN_LATE',
      message: `The run of source ${entry.source} (${entry.text}) is late: ${why}. What was loaded before stays.`,
      hint: 'See what it waits for: caudal status. A slow source needs a longer interval.',
      retryable: true,
      context: { source: entry.source },
    }
    if (entry.state.alerted === error.code) return
    if (entry.state.alerted === undefined) await this.#save(entry, { ...entry.state, alerted: error.code })
    this.#alert(entry, 'late', entry.run?.id, error)
  }

  #alert(entry: Entry, kind: ScheduleAlert['kind'], run?: string, error?: ErrorReport): void {
    const { alert, clock, log } = this.#options
    if (kind !== 'recovered') {
      log('warn', `A scheduled run is ${kind === 'late' ? 'late' : 'red'}`, {
        source: entry.source,
        ...(run === undefined ? {} : { run }),
        ...(error === undefined ? {} : { code: error.code }),
      })
    }
    alert({
      kind,
      source: entry.source,
      schedule: entry.text,
      at: clock.now().toISOString(),
      ...(run === undefined ? {} : { run }),
      ...(error === undefined ? {} : { error }),
      ...(entry.state.retryAt === undefined ? {} : { retryAt: entry.state.retryAt }),
    })
  }

  async #save(entry: Entry, state: ScheduleState): Promise<void> {
    entry.state = state
    await this.#options.state.save(this.#options.target, state)
  }

  /** One thing after the other; what fails is logged and does not stop the schedules. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.log('error', 'The schedules could not be moved on', {
        error: toErrorReport(error).message,
      })
    })
    return this.#work
  }
}

/** The trigger of the runs of a source's schedule. */
function triggerOf(source: string): string {
  return `schedule ${source}`
}
