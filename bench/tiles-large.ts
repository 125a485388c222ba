import path from 'node:path'
import type { Benchmark, Line } from './harness/benchmark.ts'
import { createProject } from './harness/project.ts'
import { serveProject } from './harness/serve.ts'
import { formatValue, quantile, series } from './harness/series.ts'
import { Viewer } from './harness/viewer.ts'

/** The eight tiles over ten million raw activities: reported, nothing is promised before there are rollups. */
export const tilesLarge: Benchmark = {
  name: 'tiles-large',
  run: async (options) => {
    const project = await createProject('tiles', path.join(options.scratch, 'board'), {
      BENCH_ROWS: '10000000',
    })
    options.log('loading 10 M rows')
    await project.caudal('run', '--select', 'crm.activities')
    const server = await serveProject(project)
    try {
      const viewer = new Viewer(server.url, 'activity')
      const paints = [await viewer.paint()]
      const filters: number[] = []
      for (let change = 0; change < 3 * options.rounds; change++) filters.push(await viewer.changeFilter())
      return [
        reported('8 tiles over 10 M raw activities: first paint', paints),
        reported('the same: another filter', filters),
      ]
    } finally {
      await server.stop()
    }
  },
}

function reported(work: string, waits: readonly number[]): Line {
  const figure = formatValue(quantile(waits, 0.5), 'ms')
  return { work, reach: 'reported', figure, isReached: true, series: { caudal: series('ms', waits) } }
}
