import type { Benchmark } from './harness/benchmark.ts'
import { createProject } from './harness/project.ts'
import { formatValue, quantile, series } from './harness/series.ts'

const rows = 1_000_000
const reach = 250_000

/** Records that a source of the project makes in JavaScript, into the warehouse: the command from its start to its end. */
export const objects: Benchmark = {
  name: 'objects',
  run: async ({ rounds, scratch }) => {
    const project = await createProject('objects', scratch, { BENCH_ROWS: String(rows) })
    const rates: number[] = []
    for (let round = 0; round <= rounds; round++) {
      await project.empty()
      const { seconds, stdout } = await project.caudal('run', '--select', 'app.deals')
      if (!stdout.includes(rows.toLocaleString('en'))) throw new Error(`not ${rows} rows: ${stdout}`)
      if (round > 0) rates.push(Math.round(rows / seconds))
    }
    const rate = quantile(rates, 0.5)
    return [
      {
        work: '1 M JavaScript objects of ten typed fields from `defineSource`',
        reach: `≥ ${formatValue(reach, 'rows/s')}`,
        figure: formatValue(rate, 'rows/s'),
        isReached: rate >= reach,
        series: { caudal: series('rows/s', rates) },
      },
    ]
  },
}
