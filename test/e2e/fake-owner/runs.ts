import type { RunRequest, RunService } from '@caudal/engine'
import {
  noCounts,
  type CheckResult,
  type LoadCounts,
  type PushEvent,
  type RunRecord,
  type RunState,
  type RunSummary,
  type StageRecord,
} from '@caudal/spec'
import { RunsInMemory } from '../../../packages/server/test/runs-in-memory.ts'

const fingerprint = 'a1b2c3d4e5f6'
const triggers = ['schedule crm', 'schedule mail', 'cli', 'console', 'schedule product'] as const

/** A check that did not hold. */
export function checkFailure(severity: CheckResult['severity']): CheckResult {
  return severity === 'error'
    ? {
        check: 'marts.sdr_revenue: amount not null',
        table: 'marts.sdr_revenue',
        severity,
        isPassed: false,
        failingRows: 14,
        examples: [
          { id: '8812', id_sdr: '7', cliente: 'Globex SA', monto: null, fecha: '2026-11-20' },
          { id: '8840', id_sdr: '3', cliente: 'Initech "Süd" GmbH', monto: null, fecha: '2026-11-21' },
        ],
        message: '14 rows of marts.sdr_revenue have no `monto`.',
      }
    : {
        check: 'marts.sdr_revenue: id_sdr in crm.people',
        table: 'marts.sdr_revenue',
        severity,
        isPassed: false,
        failingRows: 2,
        examples: [{ id: '9001', id_sdr: '99' }],
        message: '2 rows of marts.sdr_revenue name an `id_sdr` that crm.people does not have.',
      }
}

/** The runs of the pretend project; a new one goes through its stages by itself. */
export class FakeRuns extends RunsInMemory implements RunService {
  readonly #emit: (event: PushEvent) => void
  readonly #now: () => number
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(now: () => number, emit: (event: PushEvent) => void, past: number) {
    super(emit)
    this.#now = now
    this.#emit = emit
    for (let index = 0; index < past; index++) this.put(pastRun(index, past, now()))
  }

  plan(): ReturnType<RunService['plan']> {
    return Promise.resolve({ plan: { target: 'dev', stages: [] }, fingerprint })
  }

  start(request: RunRequest): Promise<RunSummary> {
    const at = new Date(this.#now()).toISOString()
    const id = `run-${String(this.size + 1).padStart(4, '0')}`
    const run = this.put({
      id,
      target: 'dev',
      trigger: request.trigger,
      state: 'queued',
      queuedAt: at,
      fingerprint,
      stages: stagesOf('queued', at, at),
    })
    this.#later(300, () => void this.#advance(id))
    return Promise.resolve(run)
  }

  async schedules(): ReturnType<RunService['schedules']> {
    const newest = await this.list(this.size)
    return ['crm', 'mail', 'product'].map((source, index) => {
      const lastRun = newest.find((run) => run.trigger === `schedule ${source}`)
      return {
        source,
        schedule: ['every 15 minutes', 'every hour', '0 6 * * 1-5'][index] ?? '',
        nextAt: new Date(this.#now() + (index + 1) * 540_000).toISOString(),
        ...(lastRun === undefined ? {} : { lastRun }),
      }
    })
  }

  /** Ends what goes on by itself. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  async #advance(id: string): Promise<void> {
    const found = await this.get(id)
    if (found.state !== 'queued' && found.state !== 'running') return
    const at = new Date(this.#now()).toISOString()
    if (found.state === 'queued') {
      this.put({ ...found, state: 'running', startedAt: at, stages: stagesOf('running', at, at) })
      this.#emit({ kind: 'progress', run: id, stage: 'extract crm', rows: 12_000, bytes: 1_000_000 })
      this.#later(1500, () => void this.#advance(id))
      return
    }
    const startedAt = found.startedAt ?? at
    this.put({ ...found, state: 'succeeded', endedAt: at, stages: stagesOf('succeeded', startedAt, at) })
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }
}

const counts: LoadCounts = {
  ...noCounts,
  extracted: 12_480,
  inserted: 310,
  updated: 1204,
  unchanged: 10_950,
  deadLettered: 12,
  filtered: 4,
}

function stagesOf(state: RunState, startedAt: string, endedAt: string): readonly StageRecord[] {
  const [start, end] = [Date.parse(startedAt), Date.parse(endedAt)]
  const at = (share: number): string => new Date(start + (end - start) * share).toISOString()
  const isFailed = state === 'failed'
  const isDone = isFailed || state === 'succeeded'
  const extract: StageRecord = {
    stage: {
      kind: 'extract',
      id: 'extract crm',
      source: 'crm',
      streams: ['contacts', 'deals', 'stage_changes'],
      tables: ['crm.contacts', 'crm.deals'],
      full: false,
      guarantee: 'once per key',
      adapter: 'rest',
      warehouse: 'duckdb',
      protocol: 'transaction',
      after: [],
    },
    state: isDone ? 'succeeded' : state,
    checks: [],
    ...(state === 'queued' ? {} : { startedAt }),
    ...(isDone
      ? {
          endedAt: at(0.55),
          counts,
          reconciliation: [
            { table: 'crm.contacts', verdict: 'equal', source: 18_204, warehouse: 18_204 },
            {
              table: 'crm.deals',
              verdict: isFailed ? 'unreconciled' : 'within lag',
              source: 4215,
              warehouse: 4211,
            },
            { table: 'crm.stage_changes', verdict: 'no count', warehouse: 19_870 },
          ] as const,
        }
      : {}),
  }
  const model = (
    name: string,
    part: readonly [number, number],
    facts: Partial<StageRecord>,
  ): StageRecord => ({
    stage: {
      kind: 'model',
      id: `model ${name}`,
      model: name,
      action: 'refresh',
      reason: 'new rows in crm.deals',
      intervals: [],
      after: ['extract crm'],
    },
    state: isDone ? 'succeeded' : 'queued',
    checks: [],
    ...(isDone ? { startedAt: at(part[0]), endedAt: at(part[1]), rows: 18_190 } : {}),
    ...facts,
  })
  return [
    extract,
    model('staging.leads', [0.55, 0.7], {}),
    model('marts.sdr_revenue', [0.7, 0.92], {
      checks: isDone
        ? [
            ...(isFailed ? [checkFailure('error'), checkFailure('warn')] : []),
            passed('id unique'),
            passed('fecha not null'),
          ]
        : [],
      ...(isFailed ? { state: 'failed', error: checkError() } : {}),
    }),
    model('marts.leads', [0.92, 1], isFailed ? { state: 'skipped' } : {}),
  ]
}

function passed(rule: string): CheckResult {
  const check = `marts.sdr_revenue: ${rule}`
  return {
    check,
    table: 'marts.sdr_revenue',
    severity: 'error',
    isPassed: true,
    failingRows: 0,
    examples: [],
    message: '',
  }
}

function checkError(): NonNullable<StageRecord['error']> {
  return {
    code: 'CAUDAL_CHECKS_FAILED',
    message:
      '14 rows of marts.sdr_revenue have no `monto` (check `amount not null`). The new version was not published; readers see yesterday’s.',
    hint: 'See the rows below, mend the model or the source, and run `caudal run --select marts.sdr_revenue+`.',
    retryable: false,
    context: { table: 'marts.sdr_revenue', checks: ['amount not null'] },
  }
}

function pastRun(index: number, past: number, now: number): RunRecord {
  const age = past - index
  const started = now - age * 17 * 60_000
  const seconds = 9 + ((index * 7) % 60)
  const startedAt = new Date(started).toISOString()
  const endedAt = new Date(started + seconds * 1000).toISOString()
  const state: RunState = index % 11 === 7 ? 'failed' : index % 23 === 5 ? 'cancelled' : 'succeeded'
  return {
    id: `run-${String(index + 1).padStart(4, '0')}`,
    target: 'dev',
    trigger: triggers[index % triggers.length] ?? 'cli',
    state,
    queuedAt: startedAt,
    startedAt,
    endedAt,
    fingerprint,
    stages: stagesOf(state, startedAt, endedAt),
    ...(state === 'failed' ? { error: checkError() } : {}),
  }
}
