import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import type { RunSummary, ScheduleAnswer, StatusAnswer } from '@caudal/spec'
import {
  caudal,
  deals,
  edit,
  gatedProject,
  openGate,
  project,
  startServer,
  startWaiting,
} from './cli-project.ts'

test('status shows freshness, reconciliation, dead letters, disk use, schedules and the last runs', async (t) => {
  const folder = await project(t, [...deals, { id: 'c', amount: 'much', stage: 'won', updated: 1 }])
  await edit(folder, 'sources/crm.ts', 'defineSource({', "defineSource({ schedule: 'every 15 minutes',")
  await caudal(folder, 'run')
  const json = await caudal(folder, 'status', '--json')
  const answer = JSON.parse(json.stdout) as StatusAnswer & { runs: RunSummary[]; schedules: ScheduleAnswer[] }
  const table = answer.tables.find((one) => one.table === 'crm.deals')
  assert.deepEqual(
    [table?.rows, table?.deadLetters, table?.reconciliation, table?.sourceRows],
    [2, 1, 'unreconciled', 3],
  )
  assert.ok(Date.now() - Date.parse(table?.freshAt ?? '') < 60_000)
  const { warehouseBytes, lakeBytes, controlBytes } = answer.disk
  for (const bytes of [warehouseBytes, lakeBytes, controlBytes ?? 0]) assert.ok(bytes > 100, String(bytes))
  assert.deepEqual(
    answer.runs.map((run) => [run.trigger, run.state]),
    [['cli', 'failed']],
  )
  assert.equal(answer.schedules[0]?.schedule, 'every 15 minutes')
  const { stdout } = await caudal(folder, 'status')
  assert.match(stdout, /crm\.deals +2 +\d+\.\d s ago +unreconciled \(source 3\) +1 +failing/)
  assert.match(stdout, /crm +every 15 minutes +when dev or serve runs/)
  assert.match(stdout, /disk: warehouse .*, lake .*, control database /)
})

test('status counts the rows that are there, not those that a changed file had before', async (t) => {
  const folder = await project(t)
  const file = path.join(folder, 'input', 'ticks.csv')
  await writeFile(
    path.join(folder, 'sources', 'ticks.ts'),
    `import { files } from '@caudal/files'
export const ticks = files({ streams: { rows: { path: 'input/ticks.csv' } } })
`,
  )
  const { url } = await startServer(folder)
  for (const lines of ['id\n1\n2\n', 'id\n1\n']) {
    await writeFile(file, lines)
    assert.equal((await caudal(folder, 'run', '--select', 'source:ticks')).code, 0)
  }
  const json = await caudal(folder, 'status', '--json')
  const { tables } = JSON.parse(json.stdout) as StatusAnswer
  assert.equal(tables.find(({ table }) => table === 'ticks.rows')?.rows, 1)
  const graph = (await (await fetch(`${url}/api/v1/graph`)).json()) as {
    nodes: { id: string; rows?: number }[]
  }
  assert.equal(graph.nodes.find(({ id }) => id === 'ticks.rows')?.rows, 1)
})

test('what was refused before anything ran is not in the history', async (t) => {
  const folder = await project(t)
  await startServer(folder)
  for (const command of [
    ['reset', 'nope'],
    ['replay', 'nope'],
    ['check', 'nope'],
    ['run', '--select', 'nope'],
  ]) {
    const { code, stderr } = await caudal(folder, ...command)
    assert.equal(code, 2, stderr)
    assert.match(stderr, /nope/)
  }
  const answer = JSON.parse((await caudal(folder, 'status', '--json')).stdout) as { runs: RunSummary[] }
  assert.deepEqual(answer.runs, [])
})

test('cancel ends the run that is named, and says when there is none', async (t) => {
  const folder = await gatedProject(t)
  await startServer(folder)
  const run = await startWaiting(t, folder, 'run', '--json')
  const unknown = await caudal(folder, 'cancel', 'zzz')
  assert.equal(unknown.code, 2)
  assert.match(unknown.stderr, /begins with zzz; there is [0-9a-f]{8}/)
  const { stdout } = await caudal(folder, 'cancel', '--json')
  const { cancelled } = JSON.parse(stdout) as { cancelled: string[] }
  const ended = await run.ended
  assert.equal(ended.code, 130)
  assert.deepEqual(cancelled, [(JSON.parse(ended.stdout) as { id: string }).id])
  await openGate(folder)
})

test('doctor finds what would stop Caudal, all at once, and opens nothing', async (t) => {
  const folder = await project(t)
  const well = await caudal(folder, 'doctor', '--json')
  assert.equal(well.code, 0, well.stdout)
  await edit(
    folder,
    'sources/crm.ts',
    'defineSource({',
    "defineSource({ settings: { token: env('CAUDAL_TEST_UNSET') },",
  )
  await edit(folder, 'sources/crm.ts', '{ decimal,', '{ decimal, env,')
  await edit(
    folder,
    'caudal.config.ts',
    "name: 'acme',",
    "name: 'acme', timezone: 'UTC', alertWebhook: { kind: 'env', name: 'CAUDAL_TEST_HOOK' },",
  )
  const ill = await caudal(folder, 'doctor', '--json')
  assert.equal(ill.code, 1)
  const { findings } = JSON.parse(ill.stdout) as {
    findings: { what: string; isGood: boolean; note: string }[]
  }
  const bad = findings.filter((finding) => !finding.isGood).map(({ note }) => note)
  assert.equal(bad.length, 3, bad.join('\n'))
  assert.match(bad.join('\n'), /timezone is not known\. Did you mean `timeZone`\?/)
  assert.match(bad.join('\n'), /CAUDAL_TEST_UNSET of source crm is not set/)
  assert.match(bad.join('\n'), /CAUDAL_TEST_HOOK of alertWebhook is not set/)
  for (const what of ['node', 'disk', 'folder', 'port 4700', 'owner', 'dev lake']) {
    assert.ok(
      findings.some((finding) => finding.what === what),
      what,
    )
  }
  await writeFile(path.join(folder, '.env'), 'CAUDAL_TEST_UNSET=a\nCAUDAL_TEST_HOOK=b\n')
  const told = await caudal(folder, 'doctor')
  assert.doesNotMatch(told.stdout, /is not set/)
})
