import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'
import { root } from '../root.ts'

test('npm test fails when a file ends without a test, though its process ended well', () => {
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
  const run = spawnSync(
    process.execPath,
    [path.join(root, 'tools', 'run.js'), 'test', 'tools/test/fixtures/ends-early.test.ts'],
    { cwd: root, encoding: 'utf8', env: environment },
  )
  assert.equal(run.status, 1, run.stdout)
  assert.match(run.stdout, /✖ tools\/test\/fixtures\/ends-early\.test\.ts ended without a test/)
})
