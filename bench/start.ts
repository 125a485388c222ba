import path from 'node:path'
import type { Benchmark, Line } from './harness/benchmark.ts'
import type { Timed } from './harness/command.ts'
import { interleave, type Contender } from './harness/interleave.ts'
import { below } from './harness/line.ts'
import { createProject } from './harness/project.ts'
import { serveProject } from './harness/serve.ts'
import { series } from './harness/series.ts'

/** From the command to its end, each in a fresh process. */
export const start: Benchmark = {
  name: 'start',
  run: async ({ rounds, scratch, log }) => {
    const large = await createProject('start', path.join(scratch, 'large'), { BENCH_ROWS: '1000000' })
    const small = await createProject('one-row', path.join(scratch, 'small'))
    const board = await createProject('tiles', path.join(scratch, 'board'), { BENCH_ROWS: '20000' })
    log('loading 1 M rows')
    await large.caudal('run')
    const processor: Record<string, number[]> = {}
    const timed = (name: string, command: () => Promise<Timed>): Contender => {
      const samples: number[] = (processor[name] = [])
      return async () => {
        const { seconds, cpuSeconds } = await command()
        samples.push(cpuSeconds)
        return seconds
      }
    }
    const seconds = await interleave(rounds, {
      version: timed('version', () => small.caudal('--version')),
      nothing: timed('nothing', () => large.caudal('run')),
      one: timed('one', async () => {
        await small.empty()
        return small.caudal('run')
      }),
      dev: async () => {
        const server = await serveProject(board, 'dev')
        await server.stop()
        return server.seconds
      },
    })
    const line = (work: string, name: 'version' | 'nothing' | 'one', limit: number): Line =>
      below(work, seconds[name], limit, 's', {
        'processor time': series('s', processor[name]?.slice(1) ?? []),
      })
    return [
      line('caudal --version', 'version', 0.15),
      line('run with nothing new (1 M-row table, 10 streams)', 'nothing', 0.5),
      line('load of one row into a new project, from a cold start', 'one', 0.6),
      below('`caudal dev` until its console is there', seconds.dev, 2),
    ]
  },
}
