import { globSync, statSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import { writeDeals } from './files/deals.ts'
import type { Benchmark } from './harness/benchmark.ts'
import { createProject, type BenchProject } from './harness/project.ts'
import { runOn } from './harness/run-on.ts'
import { serveProject } from './harness/serve.ts'
import { series } from './harness/series.ts'

const replacements = 50
const megabyte = 1024 * 1024

/** What replacing a table again and again leaves of the database file, in one process that stays. */
export const replace: Benchmark = {
  name: 'replace',
  run: async ({ scratch, log }) => {
    const input = path.join(scratch, 'input')
    await mkdir(input)
    await writeDeals(input, 2_000_000)
    const project = await createProject('files', path.join(scratch, 'project'), {
      BENCH_FILE: 'deals.parquet',
    })
    await symlink(path.join(input, 'deals.parquet'), path.join(project.path, 'deals.parquet'))
    const server = await serveProject(project)
    const sizes: number[] = []
    try {
      for (let count = 0; count <= replacements; count++) {
        await runOn(server.url, { select: ['exported.deals'], full: true })
        sizes.push(databaseBytes(project) / megabyte)
        if (count % 10 === 0) log(`${count}: ${Math.round(sizes.at(-1) ?? 0)} MB`)
      }
    } finally {
      await server.stop()
    }
    const [live = 0, ...replaced] = sizes
    const factor = Math.max(...replaced) / live
    return [
      {
        work: `database file while a table of 2 M rows is replaced ${replacements} times`,
        reach: '≤ 3 × its live data',
        figure: `${factor.toFixed(1)} × at most`,
        isReached: factor <= 3,
        series: { 'loaded once': series('MB', [live]), 'after each replacement': series('MB', replaced) },
      },
    ]
  },
}

function databaseBytes(project: BenchProject): number {
  const files = globSync('data/*.duckdb*', { cwd: project.path })
  return files.reduce((sum, file) => sum + statSync(path.join(project.path, file)).size, 0)
}
