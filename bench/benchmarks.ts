import type { Benchmark } from './harness/benchmark.ts'

/** Every benchmark by its name, imported when it is run. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  files: async () => (await import('./files.ts')).files,
  memory: async () => (await import('./memory.ts')).memory,
  objects: async () => (await import('./objects.ts')).objects,
  replace: async () => (await import('./replace.ts')).replace,
  rest: async () => (await import('./rest.ts')).rest,
  models: async () => (await import('./models.ts')).models,
  start: async () => (await import('./start.ts')).start,
  tiles: async () => (await import('./tiles.ts')).tiles,
  'tiles-large': async () => (await import('./tiles-large.ts')).tilesLarge,
}
