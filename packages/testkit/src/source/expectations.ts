import type { StreamDescription } from '@caudal/spec'
import assert from 'node:assert/strict'
import { changeTime, type SourceRecord } from './fixture.ts'
import { Replica, type DeliveredRow } from './replica.ts'
import type { SourceWorld } from './world.ts'

/** An empty table for the fixture's stream. */
export async function tableOf(world: SourceWorld): Promise<Replica> {
  return new Replica(await world.describe(await world.open()))
}

/** The table has the expected records and no others. */
export function expectTable(table: Replica, expected: readonly SourceRecord[], when = ''): void {
  const facts = (row: DeliveredRow | SourceRecord): string => JSON.stringify([row.id, row.title])
  assert.deepEqual(table.rows.map(facts).toSorted(), expected.map(facts).toSorted(), when)
}

/** Nothing of what came before comes again. */
export function expectDisjoint(
  before: readonly { readonly rows: readonly DeliveredRow[] }[],
  after: readonly { readonly rows: readonly DeliveredRow[] }[],
): void {
  const seen = new Set(before.flatMap(({ rows }) => rows.map((row) => row['id'])))
  const again = after.flatMap(({ rows }) => rows.filter((row) => seen.has(row['id'])))
  assert.deepEqual(again, [], 'a source that delivers exactly once delivers nothing again')
}

/** One record changed, one new, and one gone where the stream sees that. */
export function changed(
  present: readonly SourceRecord[],
  round: number,
  stream: StreamDescription,
): SourceRecord[] {
  const { deletes, disposition } = stream
  const isReplaced = disposition === 'replace'
  const next = [...present]
  if (disposition !== 'append') {
    const old = next[round * 3] as SourceRecord
    next[round * 3] = { ...old, title: `${old.title} again`, updated_at: changeTime(1000 * round) }
  }
  if (isReplaced || deletes === 'full re-sync') next.splice(round, 1)
  next.push({ id: `new-${round}`, title: 'new', updated_at: changeTime(1000 * round + 1) })
  return next
}
