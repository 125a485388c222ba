import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark, BenchOptions, Line } from './harness/benchmark.ts'
import { timeCommand } from './harness/command.ts'
import { interleave } from './harness/interleave.ts'
import { createProject } from './harness/project.ts'
import { quantile, series } from './harness/series.ts'
import { serveDeals } from './rest/serve-deals.ts'

const bareLoop = path.join(import.meta.dirname, 'rest', 'bare-loop.ts')

/** A REST source beside the loop that one would write by hand, on a server of this machine. */
export const rest: Benchmark = {
  name: 'rest',
  run: async (options) => [await throughput(options), await waiting(options)],
}

const records = 1_000_000
const startSeconds = 0.6

async function throughput(options: BenchOptions): Promise<Line> {
  const { bare, caudal } = await compare(options, records, 0)
  const shares = bare.map((seconds, round) => seconds / ((caudal[round] ?? Infinity) - startSeconds))
  const share = quantile(shares, 0.5)
  return {
    work: 'REST, 1 M records in pages of 100, from a server on this machine',
    reach: '≥ 0.8 × the rate of a bare Node loop + 0.6 s',
    figure: `${share.toFixed(2)} × after ${startSeconds} s`,
    isReached: share >= 0.8,
    series: {
      'bare loop': series('rows/s', ratesOf(bare)),
      caudal: series('rows/s', ratesOf(caudal)),
      share: series('×', shares),
    },
  }
}

async function waiting(options: BenchOptions): Promise<Line> {
  const { bare, caudal } = await compare(options, 20_000, 50)
  const factors = bare.map((seconds, round) => seconds / (caudal[round] ?? Infinity))
  const factor = quantile(factors, 0.5)
  return {
    work: 'REST, 200 pages by offset that take 50 ms each',
    reach: '≥ 4 × as fast as one after the other',
    figure: `${factor.toFixed(1)} ×`,
    isReached: factor >= 4,
    series: {
      'one after the other': series('s', bare),
      caudal: series('s', caudal),
      factor: series('×', factors),
    },
  }
}

function ratesOf(seconds: readonly number[]): number[] {
  return seconds.map((value) => Math.round(records / value))
}

/** Seconds of both on a server with so many records, each page after a wait. */
async function compare(
  { rounds, scratch, log }: BenchOptions,
  count: number,
  delayMs: number,
): Promise<Record<'bare' | 'caudal', number[]>> {
  log(`${count} records, ${delayMs} ms a page`)
  const server = await serveDeals(count, delayMs)
  const name = `${count}-${delayMs}`
  const project = await createProject('rest', path.join(scratch, name), { BENCH_URL: server.url })
  try {
    return await interleave(rounds, {
      bare: async () => {
        const folder = path.join(scratch, `${name}-bare`)
        await rm(folder, { recursive: true, force: true })
        await mkdir(folder)
        const { seconds, stdout } = await timeCommand(process.execPath, [bareLoop, server.url, folder], {
          cwd: folder,
        })
        expectCount(stdout, count)
        return seconds
      },
      caudal: async () => {
        await project.empty()
        const { seconds, stdout } = await project.caudal('run')
        expectCount(stdout.replaceAll(',', ''), count)
        return seconds
      },
    })
  } finally {
    await server.stop()
  }
}

function expectCount(output: string, count: number): void {
  if (!output.includes(String(count))) throw new Error(`not ${count} records: ${output}`)
}
