import type { Benchmark } from './harness/benchmark.ts'

/** Every benchmark by its name, imported when it is run. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  rest: async () => (await import('./rest.ts')).rest,
  models: async () => (await import('./models.ts')).models,
  start: async () => (await import('./start.ts')).start,
}
