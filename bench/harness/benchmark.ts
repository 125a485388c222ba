import type { Series } from './series.ts'

/** How a benchmark is run. */
export interface BenchOptions {
  /** How often each contender runs, in turn. */
  readonly rounds: number
  /** An empty folder of its own, removed afterwards. */
  readonly scratch: string
  /** Tells how far it is. */
  readonly log: (text: string) => void
}

/** One line of the table. */
export interface Line {
  readonly work: string
  /** What was promised, in words. */
  readonly reach: string
  /** What was measured, in the words of the promise. */
  readonly figure: string
  readonly isReached: boolean
  /** Every measurement behind the figure, by contender. */
  readonly series: Readonly<Record<string, Series>>
}

/** A named piece of work with the lines that it measures. */
export interface Benchmark {
  readonly name: string
  run(options: BenchOptions): Promise<readonly Line[]>
}
