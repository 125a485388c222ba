import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Progress } from '../src/cli/progress.ts'

/** Shows events at given seconds. @returns what was written */
function shown(
  kind: 'terminal' | 'plain' | 'json',
  events: readonly { at: number; rows: number; total?: number; stream?: string }[],
): string[] {
  let seconds = 0
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const output = { isTerminal: kind === 'terminal', isJson: kind === 'json', status: write, note: write }
  const progress = new Progress(output, () => seconds * 1_000)
  for (const { at, rows, total, stream = 'deals' } of events) {
    seconds = at
    progress.show({
      kind: 'progress',
      run: 'r',
      stage: 'extract crm',
      note: stream,
      rows,
      bytes: rows * 100,
      ...(total === undefined ? {} : { total }),
    })
  }
  return written
}

test('a terminal sees rows, rate and the time that is left, of all streams together', () => {
  assert.deepEqual(
    shown('terminal', [
      { at: 2, rows: 2_000, total: 10_000 },
      { at: 4, rows: 6_000, total: 10_000, stream: 'people' },
    ]),
    [
      '  crm.deals  2,000 of 10,000 rows  200.0 kB  1,000 rows/s  8.0 s left',
      '  crm.people  8,000 of 20,000 rows  800.0 kB  2,000 rows/s  6.0 s left',
    ],
  )
})

test('where a source does not count, the time that has passed is shown', () => {
  assert.deepEqual(shown('terminal', [{ at: 12, rows: 1_200 }]), [
    '  crm.deals  1,200 rows  120.0 kB  100 rows/s  12 s',
  ])
})

test('elsewhere there is a plain line every five seconds, and nothing beside JSON', () => {
  const events = [1, 3, 6, 7, 12].map((at) => ({ at, rows: at * 10 }))
  assert.deepEqual(shown('plain', events), [
    'crm.deals  60 rows  6.0 kB  10 rows/s  6.0 s',
    'crm.deals  120 rows  12.0 kB  10 rows/s  12 s',
  ])
  assert.deepEqual(shown('json', events), [])
})
