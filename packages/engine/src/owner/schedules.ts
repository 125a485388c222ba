import type { Manifest, PushEvent, RunSummary, ScheduleAnswer, SourceNode } from '@caudal/spec'
import type { ScheduleAlert } from '../schedule/alert.ts'
import type { Clock } from '../schedule/clock.ts'
import type { ScheduledSource, Scheduler } from '../schedule/scheduler.ts'
import type { ControlState } from '../state/control-state.ts'
import type { RunRequest } from './service.ts'

/** What the schedules need of their owner. */
export interface OwnerSchedulesOptions {
  readonly control: ControlState
  readonly target: string
  /** The newest version of the project. */
  readonly manifest: () => Manifest
  readonly startRun: (request: RunRequest) => Promise<RunSummary>
  readonly subscribe: (listener: (event: PushEvent) => void) => () => void
  readonly log: (level: string, message: string, facts: Readonly<Record<string, unknown>>) => void
}

/** The schedules of the owner's project: shown always, run once they are started. */
export class OwnerSchedules {
  readonly #options: OwnerSchedulesOptions
  readonly #alerts = new Set<Promise<void>>()
  #scheduler: Scheduler | undefined
  #unsubscribe: (() => void) | undefined

  constructor(options: OwnerSchedulesOptions) {
    this.#options = options
  }

  /** @param recovered ids of the runs of a dead owner that were ended at the start */
  async start(clock: Clock, recovered: readonly string[]): Promise<void> {
    const { control, target, startRun, log, subscribe } = this.#options
    const { Scheduler: Running } = await import('../schedule/scheduler.ts')
    const post = await this.#alertPoster(clock)
    const scheduler = new Running({
      target,
      clock,
      state: control.schedules,
      startRun,
      log,
      alert: (alert) => {
        const posted = post(alert).finally(() => this.#alerts.delete(posted))
        this.#alerts.add(posted)
      },
    })
    this.#scheduler = scheduler
    this.#unsubscribe = subscribe((event) => {
      if (event.kind === 'run' && event.run.endedAt !== undefined) scheduler.ended(event.run)
    })
    const ended = await Promise.all(recovered.map((run) => control.runs.get(run)))
    await scheduler.take(await this.#sources(), ended)
  }

  /** Takes the schedules of a new version of the project. */
  async reload(): Promise<void> {
    await this.#scheduler?.take(await this.#sources())
  }

  /** The schedules with their last runs; without times while no process runs them. */
  async answers(): Promise<readonly ScheduleAnswer[]> {
    const { control, target, manifest } = this.#options
    const facts = this.#scheduler?.facts()
    const scheduled = manifest().sources.filter((source) => source.schedule !== undefined)
    return Promise.all(
      scheduled.map(async (source) => {
        const lastRun = await control.runs.last(target, `schedule ${source.name}`)
        const known = facts?.get(source.name)
        return {
          source: source.name,
          schedule: source.schedule ?? '',
          timeZone: this.#timeZone(source),
          ...(known?.nextAt === undefined ? {} : { nextAt: known.nextAt }),
          ...(known?.retryAt === undefined ? {} : { retryAt: known.retryAt }),
          ...(known === undefined ? {} : { missed: known.missed, failures: known.failures }),
          ...(lastRun === undefined ? {} : { lastRun }),
        }
      }),
    )
  }

  /** Starts nothing more, and waits for what is being posted. */
  async close(): Promise<void> {
    this.#unsubscribe?.()
    await this.#scheduler?.close()
    await Promise.all(this.#alerts)
  }

  async #sources(): Promise<ScheduledSource[]> {
    const { parseSchedule } = await import('../schedule/parse-schedule.ts')
    return this.#options.manifest().sources.flatMap((source) => {
      const text = source.schedule
      if (text === undefined) return []
      return [{ source: source.name, text, schedule: parseSchedule(text, this.#timeZone(source)) }]
    })
  }

  #timeZone(source: SourceNode): string {
    return source.timeZone ?? this.#options.manifest().timeZone
  }

  async #alertPoster(clock: Clock): Promise<(alert: ScheduleAlert) => Promise<void>> {
    const { createAlertPoster } = await import('../schedule/alert.ts')
    const { manifest, target, log } = this.#options
    return createAlertPoster({
      project: manifest().name,
      target,
      projectPath: manifest().path,
      webhook: () => manifest().alertWebhook,
      clock,
      log: (message, facts) => log('warn', message, facts),
    })
  }
}
