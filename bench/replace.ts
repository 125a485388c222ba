import { globSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Benchmark } from './harness/benchmark.ts'
import { createProject, type BenchProject } from './harness/project.ts'
import { series } from './harness/series.ts'

const replacements = 50
const megabyte = 1024 * 1024

/** What replacing a table again and again leaves of the database file. */
export const replace: Benchmark = {
  name: 'replace',
  run: async ({ scratch, log }) => {
    const project = await createProject('objects', scratch, { BENCH_ROWS: '2000000' })
    const sizes: number[] = []
    for (let count = 0; count <= replacements; count++) {
      await project.caudal('run', '--select', 'app.deals')
      await project.forgetLake()
      sizes.push(databaseBytes(project) / megabyte)
      if (count % 10 === 0) log(`${count}: ${Math.round(sizes.at(-1) ?? 0)} MB`)
    }
    const [live = 0] = sizes
    const factor = (sizes.at(-1) ?? 0) / live
    return [
      {
        work: `database file after a table of 2 M rows was replaced ${replacements} times`,
        reach: '≤ 3 × its live data',
        figure: `${factor.toFixed(1)} ×`,
        isReached: factor <= 3,
        series: {
          'loaded once': series('MB', [live]),
          'after each replacement': series('MB', sizes.slice(1)),
        },
      },
    ]
  },
}

function databaseBytes(project: BenchProject): number {
  const files = globSync('data/*.duckdb*', { cwd: project.path })
  return files.reduce((sum, file) => sum + statSync(path.join(project.path, file)).size, 0)
}
