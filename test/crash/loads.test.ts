import path from 'node:path'
import { test } from 'node:test'
import { campaign, fullBudgetMs, type Attack } from './attack.ts'
import type { Random } from './random.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'

/** Named points: what the source comes to, bytes that are staged, and the write-ahead log of the warehouse, which is written by commits. */
function namedPoint(random: Random): Attack {
  const afterMs = random.pick([0, 0, 1, 2, 4, 8])
  const command = random.below(5) === 0 ? ['run', '--full'] : ['run']
  switch (random.below(5)) {
    case 0: {
      const folder = path.join('data', 'lake', '.tmp')
      const killAt = { kind: 'change', folder, matching: /./, nth: random.below(60), afterMs } as const
      return { name: 'staged bytes', killAt, command }
    }
    case 1: {
      const killAt = {
        kind: 'change',
        folder: 'data',
        matching: /\.wal$/,
        nth: random.below(40),
        afterMs,
      } as const
      return { name: 'commit', killAt, command }
    }
    case 2:
      return { name: 'load in effect', source: { point: 'acknowledge', nth: random.below(8) }, command }
    case 3:
      return { name: 'count', source: { point: 'count', nth: random.below(14) }, command }
    default:
      return { name: 'page', source: { point: 'read', nth: random.below(16) }, command }
  }
}

test('kill -9 of the owner at named points loses no row and doubles none', async (t) => {
  await campaign(t, {
    kills: isFull ? 80 : Infinity,
    budgetMs: isFull ? fullBudgetMs : 10_000,
    choose: namedPoint,
    midLoadShareMin: 1 / 2,
  })
})
