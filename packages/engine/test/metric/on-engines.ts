import { after, describe, test } from 'node:test'
import { openDuckdb, openPostgres, type Engine } from './engines.ts'
import { DealBook } from './deals.ts'

type TestOnEngine = (name: string, run: (book: DealBook) => Promise<void>) => void

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
export function onEngines(suite: string, tests: (test: TestOnEngine) => void): void {
  for (const { name, open } of kinds) {
    describe(`${suite} on ${name}`, () => {
      tests((title, run) => {
        test(title, async (context) => {
          const engine = opened.get(name) ?? open()
          opened.set(name, engine)
          const error = await engine.then(() => undefined, String)
          if (error !== undefined && process.env['CI'] === undefined) {
            context.skip(`${name} does not start here: ${error}`)
            return
          }
          await run(new DealBook(await engine, `book_${++books}`))
        })
      })
    })
  }
}
