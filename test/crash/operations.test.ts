import { test } from 'node:test'
import { campaign, fullBudgetMs, whileItWrites, type Attack } from './attack.ts'
import type { Random } from './random.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const kills = isFull ? 50 : 1
const budgetMs = isFull ? fullBudgetMs : 4_000

/** A command that writes into the warehouse, killed while its log grows, or at any moment. */
function killed(name: string, command: readonly string[]): (random: Random, usualMs: number) => Attack {
  return (random, usualMs) => ({ name, command, killAt: whileItWrites(random, usualMs) })
}

test('kill -9 while models are built and published leaves the tables before or the tables after', async (t) => {
  const choose = killed('publish', ['run', '--skip-sources', '--full'])
  await campaign(t, { kills, budgetMs, choose })
})

test('kill -9 while the warehouse is rebuilt from the lake loses nothing', async (t) => {
  await campaign(t, { kills, budgetMs, choose: killed('rebuild', ['rebuild']) })
})
