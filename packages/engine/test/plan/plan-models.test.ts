import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CheckNode, ModelNode, ModelState } from '@caudal/spec'
import {
  effectiveFingerprints,
  formatBuiltState,
  orderByReading,
  planModels,
  type PlanModelsInput,
} from '@caudal/engine'

const now = new Date('2026-03-10T15:30:00Z')

function model(name: string, references: readonly string[], more: Partial<ModelNode> = {}): ModelNode {
  return {
    name,
    file: `models/${name.replace('.', '/')}.sql`,
    sql: `select * from ${references.join(', ')}`,
    materialization: 'table',
    tags: [],
    columnDescriptions: {},
    references,
    fingerprint: `${name}1`,
    ...more,
  }
}

const staging = model('staging.deals', ['crm.deals'], { materialization: 'view' })
const won = model('marts.won', ['staging.deals'])
const board = model('marts.board', ['marts.won', 'crm.owners'])
const daily = model('marts.daily', ['crm.deals'], {
  materialization: 'incremental',
  incremental: { time: 'day', grain: 'day', start: '2026-03-06', lookback: 1, key: [] },
})

/** States as they are after all these models were built when the ledger stood at a sequence number. */
function built(models: readonly ModelNode[], sequence: number): readonly ModelState[] {
  const effective = effectiveFingerprints(models)
  return models.map((node) => ({
    model: node.name,
    fingerprint: formatBuiltState({
      own: node.fingerprint,
      effective: effective.get(node.name) ?? '',
      sequence,
    }),
    materialization: node.materialization,
    intervals: node.incremental === undefined ? [] : [{ start: '2026-03-06', end: '2026-03-10' }],
  }))
}

function plan(models: readonly ModelNode[], more: Partial<PlanModelsInput> = {}): readonly string[] {
  const stages = planModels({ models, checks: [], states: [], versions: {}, now, ...more })
  return stages.map((stage) => {
    const after = stage.after.length === 0 ? '' : ` after ${stage.after.join(' ')}`
    if (stage.kind !== 'model') return `${stage.id}${after}`
    const days = stage.intervals.map((interval) => interval.start.slice(8, 10)).join(' ')
    return `${stage.action} ${stage.model}: ${stage.reason}${days === '' ? '' : ` [${days}]`}${after}`
  })
}

const all = [staging, won, board]

test('new models are created in order, incremental ones from their start to the open interval', () => {
  assert.deepEqual(plan([...all, daily]), [
    'create staging.deals: new',
    'create marts.won: new after model staging.deals',
    'create marts.board: new after model marts.won',
    'create marts.daily: new [06 07 08 09 10]',
  ])
})

test('nothing new, nothing built', () => {
  assert.deepEqual(
    plan([...all, daily], {
      states: built([...all, daily], 5),
      versions: { 'crm.deals': 5, 'marts.won': 6 },
    }),
    [
      'skip staging.deals: unchanged',
      'skip marts.won: unchanged',
      'refresh marts.board: new rows in marts.won',
      'skip marts.daily: unchanged',
    ],
  )
  assert.deepEqual(plan(all, { states: built(all, 5), versions: { 'crm.deals': 5 } }), [
    'skip staging.deals: unchanged',
    'skip marts.won: unchanged',
    'skip marts.board: unchanged',
  ])
})

test('a changed view is put in place, and tables below it are rebuilt', () => {
  const changed = { ...staging, fingerprint: 'other' }
  assert.deepEqual(plan([changed, won, board], { states: built(all, 5) }), [
    'change staging.deals: SQL changed',
    'change marts.won: upstream staging.deals changed after model staging.deals',
    'change marts.board: upstream marts.won changed after model marts.won',
  ])
})

test('a changed table does not touch the views that read it', () => {
  const raw = model('marts.raw', ['crm.deals'])
  const view = model('marts.view', ['marts.raw'], { materialization: 'view' })
  const table = model('marts.table', ['marts.view'])
  const states = built([raw, view, table], 5)
  assert.deepEqual(plan([{ ...raw, fingerprint: 'other' }, view, table], { states }), [
    'change marts.raw: SQL changed',
    'skip marts.view: unchanged after model marts.raw',
    'change marts.table: upstream marts.view changed after model marts.raw',
  ])
})

test('new rows refresh tables through views, and intervals with their lookback', () => {
  const states = built([...all, daily], 5)
  assert.deepEqual(plan([...all, daily], { states, versions: { 'crm.deals': 6 } }), [
    'skip staging.deals: unchanged',
    'refresh marts.won: new rows in staging.deals',
    'refresh marts.board: if marts.won changes after model marts.won',
    'refresh marts.daily: new rows in crm.deals [09 10]',
  ])
})

test('tables that the run loads are checked first, then what reads them is refreshed', () => {
  const check: CheckNode = {
    name: 'id',
    table: 'crm.deals',
    rule: { kind: 'not null', column: 'id' },
    severity: 'error',
    place: 'x:1',
  }
  const ofView = { ...check, name: 'view id', table: 'staging.deals' }
  const extracts = { 'crm.deals': 'extract crm', 'crm.owners': 'extract crm' }
  assert.deepEqual(plan(all, { states: built(all, 5), extracts, checks: [check, ofView] }), [
    'check crm.deals after extract crm',
    'skip staging.deals: unchanged after check crm.deals',
    'check staging.deals after check crm.deals',
    'refresh marts.won: if crm.deals changes after check staging.deals',
    'refresh marts.board: if marts.won changes after model marts.won extract crm',
  ])
})

test('gaps are filled, and asked intervals are built again', () => {
  const [state] = built([daily], 5)
  assert.ok(state !== undefined)
  const gap = {
    ...state,
    intervals: [
      { start: '2026-03-06', end: '2026-03-07' },
      { start: '2026-03-08', end: '2026-03-09' },
    ],
  }
  assert.deepEqual(plan([daily], { states: [gap] }), ['backfill marts.daily: 2 missing intervals [07 09]'])
  assert.deepEqual(plan([daily], { states: [gap], versions: { 'crm.deals': 9 } }), [
    'backfill marts.daily: 2 missing intervals [07 09 10]',
  ])
  assert.deepEqual(plan([daily], { states: [state], interval: { start: '2026-03-07', end: '2026-03-08' } }), [
    'backfill marts.daily: asked for 2026-03-07 to 2026-03-08 [07]',
  ])
})

test('a changed or fully rebuilt incremental model builds all its intervals', () => {
  const states = built([daily], 5)
  assert.deepEqual(plan([{ ...daily, fingerprint: 'other' }], { states }), [
    'change marts.daily: SQL changed [06 07 08 09 10]',
  ])
  assert.deepEqual(plan([daily], { states, full: true }), [
    'change marts.daily: full rebuild asked for [06 07 08 09 10]',
  ])
})

test('models that left the project are dropped last, unless the plan is for some models only', () => {
  const states = built(all, 5)
  assert.deepEqual(plan([staging, won], { states }), [
    'skip staging.deals: unchanged',
    'skip marts.won: unchanged',
    'drop marts.board: removed from the project after model staging.deals model marts.won',
  ])
  assert.deepEqual(plan([staging, won], { states, selected: new Set(['marts.won']) }), [
    'skip marts.won: unchanged',
  ])
})

test('a model that was built over an upstream not yet changed is rebuilt once that is', () => {
  const changed = [{ ...staging, materialization: 'table' as const, fingerprint: 'other' }, won, board]
  const states = built(all, 5)
  assert.deepEqual(plan(changed, { states, selected: new Set(['marts.won']) }), ['skip marts.won: unchanged'])
  assert.deepEqual(plan(changed, { states }).slice(0, 2), [
    'change staging.deals: view becomes table',
    'change marts.won: upstream staging.deals changed after model staging.deals',
  ])
})

test('tables that others load are always new', () => {
  assert.deepEqual(plan(all, { states: built(all, 5), externalTables: new Set(['crm.owners']) }), [
    'skip staging.deals: unchanged',
    'skip marts.won: unchanged',
    'refresh marts.board: crm.owners is loaded by others',
  ])
})

/** Models that read only models of smaller numbers: no circle. */
const someModels = fc
  .array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
  .map((references) =>
    references.map((numbers, index) =>
      model(
        `m.m${index}`,
        [...new Set(numbers.filter((number) => number < index).map((number) => `m.m${number}`)), 'raw.t'],
        {
          materialization: index % 3 === 0 ? 'view' : 'table',
        },
      ),
    ),
  )

test('any order of files gives an order in which each model follows what it reads', () => {
  fc.assert(
    fc.property(someModels, fc.infiniteStream(fc.nat()), (models, keys) => {
      const shuffled = models
        .map((node) => ({ node, key: keys.next().value as number }))
        .toSorted((a, b) => a.key - b.key)
      const { ordered, cycles } = orderByReading(shuffled.map(({ node }) => node))
      assert.deepEqual(cycles, [])
      assert.equal(ordered.length, models.length)
      const positions = new Map(ordered.map((node, index) => [node.name, index]))
      for (const [index, node] of ordered.entries()) {
        for (const reference of node.references) assert.ok((positions.get(reference) ?? -1) < index)
      }
    }),
  )
})

test('a circle is found once, and what does not read it is still ordered', () => {
  fc.assert(
    fc.property(someModels, fc.integer({ min: 1, max: 6 }), (models, length) => {
      const circle = Array.from({ length }, (_, index) =>
        model(`z.c${index}`, [`z.c${(index + 1) % length}`]),
      )
      const { ordered, cycles } = orderByReading([...models, ...circle])
      assert.deepEqual(cycles, [circle.map((node) => node.name)])
      assert.equal(ordered.length, models.length)
    }),
  )
})

test('a stage waits only for stages that stand before it', () => {
  fc.assert(
    fc.property(someModels, fc.boolean(), (models, isBuilt) => {
      const states = isBuilt ? built(models, 5) : []
      const stages = planModels({ models, checks: [], states, versions: { 'raw.t': 6 }, now, extracts: {} })
      const seen = new Set<string>()
      for (const stage of stages) {
        for (const id of stage.after) assert.ok(seen.has(id), `${stage.id} waits for ${id}`)
        seen.add(stage.id)
      }
    }),
  )
})
