import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import type { CheckResult, TileAnswer, TileData } from '@caudal/spec'
import { startOwner } from '../../tools/demo/owner-process.ts'
import { Cli, root } from '../example/cli.ts'
import { dataFolder, isMissing, readTruth } from './data-set.ts'

async function copyProject(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-real-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const project = path.join(import.meta.dirname, 'project')
  const leftByRuns = new Set(['data', '.caudal'].map((name) => path.join(project, name)))
  await cp(project, folder, { recursive: true, filter: (file) => !leftByRuns.has(file) })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

async function tile<Kind extends TileData['kind']>(
  url: string,
  id: string,
  kind: Kind,
): Promise<Extract<TileData, { kind: Kind }>> {
  const response = await fetch(`${url}/api/v1/dashboards/sales/tiles/${id}`)
  const answer = (await response.json()) as TileAnswer
  assert.ok(answer.state === 'ready' && answer.data.kind === kind, JSON.stringify(answer))
  return answer.data as Extract<TileData, { kind: Kind }>
}

async function numberOf(url: string, id: string): Promise<number> {
  return Number((await tile(url, id, 'number')).value)
}

test(
  '8,800 real opportunities: the board shows what a count without SQL gives',
  { skip: isMissing },
  async (t) => {
    const truth = await readTruth()
    const folder = await copyProject(t)
    const environment = { CAUDAL_REAL_DATA: dataFolder }
    const owner = await startOwner(folder, environment, AbortSignal.timeout(120_000))
    t.after(() => owner.stop())
    const { url } = owner

    assert.equal(truth.opportunities, 8_800)
    assert.equal(await numberOf(url, 'number_revenue'), truth.revenue)
    assert.equal(await numberOf(url, 'number_won'), truth.won)
    assert.ok(Math.abs((await numberOf(url, 'number_winRate')) - truth.winRate) < 1e-9)
    assert.ok(Math.abs((await numberOf(url, 'number_cycle')) - truth.cycleDays) < 1e-6)
    const quarters = await tile(url, 'bar_won', 'series')
    assert.deepEqual(
      quarters.points.map(({ values }) => Number(values[0])),
      truth.wonByQuarter,
    )
    const agents = await tile(url, 'leaderboard_revenue_agent', 'categories')
    assert.deepEqual(
      agents.rows.map(({ value, values }) => [value, Number(values[0])]),
      truth.revenueByAgent,
    )

    const checks = await checkResults(new Cli(folder, environment))
    assert.deepEqual(
      checks.filter(({ isPassed }) => !isPassed).map(({ check, failingRows }) => [check, failingRows]),
      [
        ['marts.agents: agents without an opportunity', truth.idleAgents],
        ['staging.accounts: sectors that are misspelt', truth.misspeltSectors],
        ['staging.opportunities: products that the price list does not know', truth.unknownProducts],
        ['staging.opportunities: opportunities without an account', truth.withoutAccount],
      ],
    )
    assert.deepEqual(
      checks.find(({ check }) => check.endsWith('price list does not know'))?.examples[0]?.['product'],
      'GTXPro',
    )
  },
)

test(
  'the answer key that others published for the set: won by quarter of 2017',
  { skip: isMissing },
  async () => {
    assert.deepEqual((await readTruth()).wonByQuarter, [531, 1_254, 1_257, 1_196])
  },
)

async function checkResults(cli: Cli): Promise<readonly CheckResult[]> {
  const record = JSON.parse(await cli.run('check', '--json')) as {
    readonly stages: readonly { readonly checks?: readonly CheckResult[] }[]
  }
  return record.stages
    .flatMap(({ checks = [] }) => checks)
    .toSorted((one, two) => (one.table < two.table ? -1 : Number(one.table > two.table)))
}
