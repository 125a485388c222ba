import path from 'node:path'
import type { Benchmark, BenchOptions, Line } from './harness/benchmark.ts'
import { below } from './harness/line.ts'
import { createProject } from './harness/project.ts'
import { serveProject } from './harness/serve.ts'
import { formatValue, quantile, series } from './harness/series.ts'
import { Viewer } from './harness/viewer.ts'

/** Eight tiles over a million activities, asked over HTTP as the console does: alone, after commits, and beside heavy work. */
export const tiles: Benchmark = {
  name: 'tiles',
  run: async (options) => {
    const project = await createProject('tiles', path.join(options.scratch, 'board'))
    options.log('loading twice 1 M rows')
    await project.caudal('run', '--select', 'crm.activities')
    const alone = (await project.caudal('run', '--select', 'other.events')).seconds
    const paints: number[] = []
    for (let round = 0; round <= options.rounds; round++) {
      const server = await serveProject(project)
      const viewer = new Viewer(server.url, 'activity')
      paints.push((await viewer.paint()) / 1000)
      await server.stop()
    }
    const server = await serveProject(project)
    try {
      const viewer = new Viewer(server.url, 'activity')
      await viewer.paint()
      return [
        below('8 tiles over 1 M activities: first paint', paints.slice(1), 1),
        below('the same: another filter', await filterChanges(viewer, options), 300, 'ms'),
        await commits(viewer, options),
        ...(await beside(viewer, options, alone)),
      ]
    } finally {
      await server.stop()
    }
  },
}

async function filterChanges(viewer: Viewer, { rounds }: BenchOptions): Promise<number[]> {
  const waits: number[] = []
  for (let change = 0; change < 4 * rounds; change++) waits.push(await viewer.changeFilter())
  return waits
}

async function commits(viewer: Viewer, { rounds, log }: BenchOptions): Promise<Line> {
  log('commits')
  const waits: number[] = []
  for (let commit = 0; commit < 6 * rounds; commit++) waits.push(await viewer.waitForCommit('crm.activities'))
  const p99 = quantile(waits, 0.99)
  return {
    work: 'the same: from a commit until every tile has changed on the page',
    reach: 'p99 < 1,000 ms',
    figure: `p99 ${formatValue(p99, 'ms')}`,
    isReached: p99 < 1000,
    series: { caudal: series('ms', waits) },
  }
}

/** Tiles of a viewer who changes the filter all the time: quiet, while rows load, while a model builds. */
async function beside(viewer: Viewer, { log }: BenchOptions, alone: number): Promise<Line[]> {
  log('quiet')
  const quiet = await viewer.lookFor(10)
  log('beside a load')
  const load = await viewer.lookDuring('other.events')
  log('beside a build')
  const build = await viewer.lookDuring('marts.heavy')
  const [still, loading, building] = [quiet, load.waits, build.waits].map((waits) => quantile(waits, 0.95))
  const line = (work: string, waits: readonly number[], p95 = Number.NaN): Line => ({
    work,
    reach: 'p95 ≤ 1.7 × quiet',
    figure: `${(p95 / (still ?? 1)).toFixed(1)} ×`,
    isReached: p95 <= 1.7 * (still ?? 0),
    series: { quiet: series('ms', quiet), beside: series('ms', waits) },
  })
  return [
    line('one tile at a time in such a view while 1 M rows load', load.waits, loading),
    line('the same while a model over 10 M rows builds', build.waits, building),
    {
      work: 'the load of 1 M rows beside a viewer who never rests',
      reach: '≤ 3 × alone',
      figure: `${(load.seconds / alone).toFixed(1)} ×`,
      isReached: load.seconds <= 3 * alone,
      series: { alone: series('s', [alone]), beside: series('s', [load.seconds]) },
    },
  ]
}
