import type { ErrorReport, RunState } from '@caudal/spec'
import type { ScheduleState } from '../state/schedule-state.ts'
import type { Schedule } from './parse-schedule.ts'

/*
 * What a schedule does, as pure functions. Terminology:
 *
 *   tick      a time at which the schedule says that the source is read
 *   missed    a tick that got no run of its own: the run before was not over, or no process ran the schedules
 *   retry     a run between ticks, after one that failed and may succeed later
 *   late      a run that is not over at the next tick, or the run that makes up for ticks that passed while no process ran the schedules
 *
 *   state of the source       event              then
 *   idle                      tick               run; of several ticks that passed, one run and the others missed (late)
 *   idle                      retry is due       run
 *   running                   tick               missed, the run is late; it is never doubled
 *   running                   run succeeded      failures forgotten
 *   running                   run failed         alert; retry after a back-off, unless the next tick comes first or nothing would change
 *   running                   run cancelled      wait for the next tick
 */

/** What is to be done now. */
export type Decision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'run'; readonly tick: Date; readonly missed: number }
  | { readonly kind: 'retry' }
  | { readonly kind: 'overlap' }

/** Failed runs in a row after which only ticks try again. */
const retriesMax = 5
const backOffMs = 30_000
const backOffMsMax = 3_600_000

/** The state of a schedule that is seen for the first time, or whose text changed: nothing is made up for. */
export function firstState(source: string, text: string, schedule: Schedule, now: Date): ScheduleState {
  return { source, schedule: text, missed: 0, failures: 0, nextAt: schedule.next(now).toISOString() }
}

/** What a schedule does at a time. */
export function onTime(
  state: ScheduleState,
  schedule: Schedule,
  now: Date,
  isRunning: boolean,
): { readonly state: ScheduleState; readonly decision: Decision } {
  const tickAt = new Date(state.nextAt ?? schedule.next(now))
  if (tickAt <= now) {
    const { count, last } = schedule.between(new Date(tickAt.getTime() - 1), now)
    const next = { ...state, nextAt: schedule.next(now).toISOString() }
    const ticks = Math.max(1, count)
    if (isRunning) {
      return { state: { ...next, missed: state.missed + ticks }, decision: { kind: 'overlap' } }
    }
    const tick = last ?? tickAt
    return {
      state: { ...withoutRetry(next), missed: state.missed + ticks - 1, lastTickAt: tick.toISOString() },
      decision: { kind: 'run', tick, missed: ticks - 1 },
    }
  }
  if (state.retryAt !== undefined && new Date(state.retryAt) <= now && !isRunning) {
    return { state: withoutRetry(state), decision: { kind: 'retry' } }
  }
  return { state, decision: { kind: 'wait' } }
}

/** What the end of a run means for its schedule. `alert`: what is to be said. */
export function onEnded(
  state: ScheduleState,
  run: { readonly state: RunState; readonly error?: ErrorReport },
  now: Date,
): { readonly state: ScheduleState; readonly alert?: 'failed' | 'recovered' } {
  if (run.state === 'succeeded') {
    const { alerted, ...rest } = withoutRetry(state)
    const next = { ...rest, failures: 0 }
    return alerted === undefined ? { state: next } : { state: next, alert: 'recovered' }
  }
  if (run.state !== 'failed') return { state: withoutRetry(state) }
  const code = run.error?.code ?? run.state
  const failures = state.failures + 1
  const retryAt = run.error?.retryable === true ? retryTime(failures, now, state.nextAt) : undefined
  const next = {
    ...withoutRetry(state),
    failures,
    alerted: code,
    ...(retryAt === undefined ? {} : { retryAt }),
  }
  return state.alerted === code ? { state: next } : { state: next, alert: 'failed' }
}

/** When either a tick or a retry is due. */
export function dueAt(state: ScheduleState): Date | undefined {
  const times = [state.nextAt, state.retryAt].filter((time) => time !== undefined)
  return times.length === 0
    ? undefined
    : new Date(times.reduce((first, time) => (time < first ? time : first)))
}

/** 30 s, doubled at each failure in a row, at most an hour; none when the tick comes first. */
function retryTime(failures: number, now: Date, nextAt: string | undefined): string | undefined {
  if (failures > retriesMax) return undefined
  const delayMs = Math.min(backOffMsMax, backOffMs * 2 ** (failures - 1))
  const at = new Date(now.getTime() + delayMs).toISOString()
  return nextAt !== undefined && at >= nextAt ? undefined : at
}

function withoutRetry(state: ScheduleState): Omit<ScheduleState, 'retryAt'> {
  const { retryAt: _retryAt, ...rest } = state
  return rest
}
