import { globSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Line } from './benchmark.ts'
import type { Machine } from './machine.ts'

/** A benchmark's run as it is kept in `bench/results`. */
export interface Result {
  readonly name: string
  readonly at: string
  readonly commit: string
  readonly rounds: number
  readonly machine: Machine
  /** Load average before and after: what else wanted the processors. */
  readonly load: readonly [number, number]
  readonly lines: readonly Line[]
}

const folder = path.join(import.meta.dirname, '..', 'results')

/** Keeps a result in the place of the one before. */
export async function saveResult(result: Result): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`)
}

/** The results that there are, by name. */
export async function readResults(): Promise<Map<string, Result>> {
  const files = globSync('*.json', { cwd: folder }).toSorted()
  const results = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Result),
  )
  return new Map(results.map((result) => [result.name, result]))
}
