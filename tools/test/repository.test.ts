import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSteps } from '../check/steps.ts'
import { root } from '../root.ts'

for (const step of checkSteps) {
  test(`npm run check ${step.name} finds nothing in this repository`, async () => {
    assert.equal(await step.problems(root), '')
  })
}
