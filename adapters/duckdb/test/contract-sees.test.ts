import { brokenWarehouses } from '@caudal/testkit'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import path from 'node:path'
import { test } from 'node:test'

const script = path.join(import.meta.dirname, 'fixtures', 'broken-contract.ts')

/** Names of the tests of the contract that fail on a fake. */
async function failing(broken: number, pattern: RegExp): Promise<string[]> {
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
  const child = spawn(
    process.execPath,
    ['--conditions=@caudal/source', '--test-reporter=tap', `--test-name-pattern=${pattern.source}`, script],
    { env: { ...environment, CAUDAL_BROKEN: String(broken) }, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const output = await text(child.stdout)
  return [...output.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name]) => name ?? '')
}

for (const [index, { what, seenBy }] of brokenWarehouses.entries()) {
  test(`the contract suite sees a warehouse that ${what}`, async () => {
    const found = await failing(index, seenBy)
    assert.ok(
      found.some((name) => seenBy.test(name)),
      `no test failed; ${found.join('; ')}`,
    )
  })
}
