import path from 'node:path'
import type { Benchmark } from './harness/benchmark.ts'
import { interleave } from './harness/interleave.ts'
import { createProject } from './harness/project.ts'
import { below } from './harness/line.ts'
import { serveProject } from './harness/serve.ts'

/** From the command to its end, each in a fresh process. */
export const start: Benchmark = {
  name: 'start',
  run: async ({ rounds, scratch, log }) => {
    const large = await createProject('start', path.join(scratch, 'large'), { BENCH_ROWS: '1000000' })
    const small = await createProject('one-row', path.join(scratch, 'small'))
    log('loading 1 M rows')
    await large.caudal('run')
    const board = await createProject('tiles', path.join(scratch, 'board'), { BENCH_ROWS: '20000' })
    const seconds = await interleave(rounds, {
      version: async () => (await small.caudal('--version')).seconds,
      'nothing new': async () => (await large.caudal('run')).seconds,
      'one row': async () => {
        await small.empty()
        return (await small.caudal('run')).seconds
      },
      dev: async () => {
        const server = await serveProject(board, 'dev')
        await server.stop()
        return server.seconds
      },
    })
    return [
      below('caudal --version', seconds.version, 0.15),
      below('run with nothing new (1 M-row table, 10 streams)', seconds['nothing new'], 0.5),
      below('load of one row into a new project, from a cold start', seconds['one row'], 0.6),
      below('`caudal dev` until its console is there', seconds.dev, 2),
    ]
  },
}
