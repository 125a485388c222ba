import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** Where and among what a benchmark ran. */
export interface Machine {
  readonly processor: string
  readonly processors: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.versions.node,
  }
}

/** Mean number of processes that ran or wanted to, over the last minute. */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}
