import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Benchmark, Line } from './harness/benchmark.ts'
import { residentBytes } from './harness/command.ts'
import { createProject } from './harness/project.ts'
import { serveProject } from './harness/serve.ts'
import { formatValue, series } from './harness/series.ts'
import { below } from './harness/line.ts'

const megabyte = 1024 * 1024

/** Largest resident memory of owner and worker together; one load of each size, for memory is no matter of chance. */
export const memory: Benchmark = {
  name: 'memory',
  run: async ({ scratch, log }) => {
    const peaks: number[] = []
    for (const millions of [5, 10]) {
      log(`${millions} M objects`)
      const environment = { BENCH_ROWS: String(millions * 1_000_000) }
      const project = await createProject('objects', path.join(scratch, String(millions)), environment)
      peaks.push((await project.caudal('run', '--select', 'app.deals')).peakBytes / megabyte)
      await project.empty()
    }
    const project = await createProject('one-row', path.join(scratch, 'idle'))
    await project.caudal('run')
    const server = await serveProject(project)
    try {
      await sleep(10_000)
      return [
        load(peaks),
        below('memory of an idle server', [residentBytes(server.pid) / megabyte], 250, 'MB'),
      ]
    } finally {
      await server.stop()
    }
  },
}

function load([five = 0, ten = 0]: readonly number[]): Line {
  return {
    work: 'memory of owner and worker while 5 M and 10 M objects load',
    reach: '< 512 MB, flat between the two',
    figure: `${formatValue(five, 'MB')} and ${formatValue(ten, 'MB')}`,
    isReached: Math.max(five, ten) < 512 && ten < 1.15 * five,
    series: { '5 M': series('MB', [five]), '10 M': series('MB', [ten]) },
  }
}
