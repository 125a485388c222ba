import { after, describe, type TestContext } from 'node:test'
import { openDuckdb, openPostgres, type Engine } from './engines.ts'
import { DealBook } from './deals.ts'

type Open = (test: TestContext) => Promise<DealBook | undefined>

const kinds = [
  { name: 'DuckDB', open: openDuckdb },
  { name: 'PostgreSQL (real)', open: openPostgres },
]
const opened = new Map<string, Promise<Engine>>()
let books = 0

after(async () => {
  const engines = await Promise.allSettled(opened.values())
  for (const engine of engines) if (engine.status === 'fulfilled') await engine.value.close()
})

/**
 * Runs the tests on the embedded engine and on a real PostgreSQL server: the same rows have to come out. Where PostgreSQL cannot start,
 * its tests say so and are skipped, unless `CI` is set.
 */
export function onEngines(suite: string, tests: (open: Open) => void): void {
  for (const { name, open } of kinds) {
    describe(`${suite} on ${name}`, () => {
      tests(async (test) => {
        const engine = opened.get(name) ?? open()
        opened.set(name, engine)
        try {
          return new DealBook(await engine, `book_${++books}`)
        } catch (error) {
          if (process.env['CI'] !== undefined) throw error
          test.skip(`${name} does not start here: ${String(error)}`)
          return undefined
        }
      })
    })
  }
}
