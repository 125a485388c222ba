import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { noCounts, type ErrorReport, type RunSummary } from '@caudal/spec'
import {
  parseSchedule,
  Scheduler,
  type ControlState,
  type RunRequest,
  type ScheduleAlert,
  type ScheduledSource,
} from '@caudal/engine'
import { freshPath, openState } from '../state/open-state.ts'
import { ManualClock } from './manual-clock.ts'

const down: ErrorReport = {
  code: 'CAUDAL_HTTP_503',
  message: 'crm answers 503',
  retryable: true,
  context: {},
}
const denied: ErrorReport = {
  code: 'CAUDAL_HTTP_401',
  message: 'crm answers 401',
  retryable: false,
  context: {},
}

/** A scheduler over a real control database, whose runs the test ends by hand. */
class World {
  readonly started: RunRequest[] = []
  readonly alerts: ScheduleAlert[] = []
  readonly clock: ManualClock
  readonly control: ControlState
  readonly scheduler: Scheduler
  refusal: Error | undefined

  constructor(control: ControlState, clock: ManualClock) {
    this.control = control
    this.clock = clock
    this.scheduler = new Scheduler({
      target: 'dev',
      clock,
      state: control.schedules,
      startRun: async (request) => {
        if (this.refusal !== undefined) throw this.refusal
        this.started.push(request)
        return this.#run('queued')
      },
      alert: (alert) => void this.alerts.push(alert),
      log: () => undefined,
    })
  }

  async at(time: string): Promise<number> {
    this.clock.moveTo(`2026-03-01T${time}Z`)
    await this.scheduler.settled()
    return this.started.length
  }

  async end(state: 'succeeded' | 'failed' | 'cancelled', error?: ErrorReport): Promise<void> {
    this.scheduler.ended({ ...this.#run(state), ...(error === undefined ? {} : { error }) })
    await this.scheduler.settled()
  }

  #run(state: RunSummary['state']): RunSummary {
    return {
      id: `r${this.started.length}`,
      target: 'dev',
      trigger: this.started.at(-1)?.trigger ?? '',
      state,
      queuedAt: this.clock.now().toISOString(),
      fingerprint: 'f',
      stageCount: 0,
      failedStages: 0,
      counts: noCounts,
    }
  }
}

const crm: ScheduledSource = source('crm', 'every 15 minutes')

function source(name: string, text: string): ScheduledSource {
  return { source: name, text, schedule: parseSchedule(text, 'UTC') }
}

async function world(context: TestContext, time = '10:00:00', path = freshPath(context)): Promise<World> {
  const made = new World(await openState(context, path), new ManualClock(`2026-03-01T${time}Z`))
  context.after(() => made.scheduler.close())
  return made
}

test('each tick starts one run of the source and what lies behind it', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm, source('mail', '20 10 * * *')])
  assert.equal(await here.at('10:14:59'), 0)
  assert.equal(await here.at('10:15:00'), 1)
  assert.deepEqual(here.started[0], { select: ['source:crm+'], trigger: 'schedule crm' })
  await here.end('succeeded')
  assert.equal(await here.at('10:20:00'), 2)
  assert.equal(here.started[1]?.trigger, 'schedule mail')
  assert.equal(here.scheduler.facts().get('crm')?.nextAt, '2026-03-01T10:30:00.000Z')
  assert.deepEqual(here.alerts, [])
})

test('a running run is not doubled: the tick counts as missed and the run is reported late once', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  await here.at('10:15:00')
  assert.equal(await here.at('10:30:00'), 1)
  assert.equal(await here.at('10:45:00'), 1)
  assert.equal(here.scheduler.facts().get('crm')?.missed, 2)
  assert.deepEqual(
    here.alerts.map((alert) => [alert.kind, alert.run, alert.error?.code]),
    [['late', 'r1', 'CAUDAL_RUN_LATE']],
  )
  await here.end('succeeded')
  assert.equal(here.alerts.at(-1)?.kind, 'recovered')
  assert.equal(await here.at('11:00:00'), 2)
})

test('ticks that passed while no process ran are made up for by one run, reported late', async (context) => {
  const path = freshPath(context)
  const before = await world(context, '10:00:00', path)
  await before.scheduler.take([crm])
  await before.scheduler.close()
  const here = await world(context, '11:05:00', path)
  await here.scheduler.take([crm])
  assert.equal(here.started.length, 1)
  const facts = here.scheduler.facts().get('crm')
  assert.deepEqual(
    [facts?.missed, facts?.lastTickAt, facts?.nextAt],
    [3, '2026-03-01T11:00:00.000Z', '2026-03-01T11:15:00.000Z'],
  )
  assert.match(here.alerts[0]?.error?.message ?? '', /3 ticks passed/)
})

test('a schedule whose text changed starts afresh; one that is unchanged goes on', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  await here.at('10:15:00')
  await here.end('failed', denied)
  await here.scheduler.take([crm])
  assert.equal(here.scheduler.facts().get('crm')?.failures, 1)
  await here.scheduler.take([source('crm', 'every hour')])
  const facts = here.scheduler.facts().get('crm')
  assert.deepEqual([facts?.failures, facts?.nextAt], [0, '2026-03-01T11:00:00.000Z'])
  await here.scheduler.take([])
  assert.equal(await here.at('12:00:00'), 1)
})

test('a failure that may pass is tried again, later each time, and alerted once until it is over', async (context) => {
  const here = await world(context, '10:59:59')
  await here.scheduler.take([source('crm', 'every hour')])
  const starts = ['11:00:00', '11:00:30', '11:01:30', '11:03:30', '11:07:30', '11:15:30']
  for (const [index, time] of starts.entries()) {
    const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
    const before = new Date(Date.UTC(2026, 2, 1, hour, minute, second) - 1).toISOString().slice(11, 23)
    assert.equal(await here.at(before), index, `nothing begins before ${time}`)
    assert.equal(await here.at(time), index + 1)
    await here.end('failed', down)
  }
  assert.equal(await here.at('11:59:59'), starts.length, 'after five retries it waits for the tick')
  assert.deepEqual(
    here.alerts.map(({ kind, error }) => [kind, error?.message]),
    [['failed', 'crm answers 503']],
  )
  assert.equal(await here.at('12:00:00'), starts.length + 1)
  await here.end('succeeded')
  assert.deepEqual(
    here.alerts.map(({ kind }) => kind),
    ['failed', 'recovered'],
  )
  assert.equal(here.scheduler.facts().get('crm')?.failures, 0)
})

test('a failure that stays waits for the next tick; another error is another alert', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  await here.at('10:15:00')
  await here.end('failed', denied)
  assert.equal(await here.at('10:29:59'), 1)
  await here.at('10:30:00')
  await here.end('failed', down)
  assert.deepEqual(
    here.alerts.map(({ error }) => error?.code),
    ['CAUDAL_HTTP_401', 'CAUDAL_HTTP_503'],
  )
})

test('a cancelled run is neither tried again nor alerted', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  await here.at('10:15:00')
  await here.end('cancelled')
  assert.equal(await here.at('10:29:59'), 1)
  assert.deepEqual(here.alerts, [])
  assert.equal(await here.at('10:30:00'), 2)
})

test('a run that cannot even be queued counts as failed, and the schedule goes on', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  here.refusal = new Error('the disk is full')
  await here.at('10:15:00')
  assert.equal(here.alerts[0]?.error?.message, 'the disk is full')
  here.refusal = undefined
  assert.equal(await here.at('10:30:00'), 1)
})

test('a run that a dead owner left is alerted and tried again after the restart', async (context) => {
  const path = freshPath(context)
  const before = await world(context, '10:00:00', path)
  await before.scheduler.take([crm])
  await before.at('10:15:00')
  await before.scheduler.close()
  const here = await world(context, '10:16:00', path)
  const error = { ...down, code: 'CAUDAL_RUN_OWNER_DIED' }
  await here.scheduler.take([crm], [{ id: 'r1', trigger: 'schedule crm', state: 'failed', error }])
  assert.equal(here.alerts[0]?.error?.code, 'CAUDAL_RUN_OWNER_DIED')
  assert.equal(await here.at('10:16:29'), 0)
  assert.equal(await here.at('10:16:30'), 1)
})

test('a run that somebody started by hand changes nothing of the schedule', async (context) => {
  const here = await world(context)
  await here.scheduler.take([crm])
  await here.at('10:15:00')
  here.scheduler.ended({ id: 'other', trigger: 'console', state: 'failed', error: down })
  assert.equal(await here.at('10:30:00'), 1, 'its own run still runs')
  assert.equal(here.scheduler.facts().get('crm')?.failures, 0)
})
