import { test } from 'node:test'
import { campaign, fullBudgetMs, type Attack } from './attack.ts'
import type { Random } from './random.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'

/** Any moment of a run; the first part of it, in which the program starts and nothing is written yet, seldom. */
function anyMoment(random: Random, usualMs: number): Attack {
  const from = random.below(5) === 0 ? 0 : usualMs * 0.3
  const afterMs = from + random.next() * (usualMs - from)
  return {
    name: 'any moment',
    killAt: { kind: 'time', afterMs },
    command: random.below(3) === 0 ? ['run', '--full'] : ['run'],
  }
}

test('kill -9 of the owner at any moment loses no row and doubles none', async (t) => {
  await campaign(t, {
    kills: isFull ? 80 : 2,
    budgetMs: isFull ? fullBudgetMs : 5_000,
    choose: anyMoment,
    midLoadShareMin: 1 / 6,
  })
})
