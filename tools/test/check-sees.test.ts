import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkSteps } from '../check/steps.ts'
import { createPlantedWorkspace, type PlantedWorkspace } from './planted-workspace.ts'
import { plants } from './plants.ts'

describe('each checker of `npm run check` sees a planted violation', () => {
  let workspace: PlantedWorkspace
  before(() => {
    workspace = createPlantedWorkspace()
  })
  after(() => workspace.remove())

  for (const step of checkSteps) {
    test(`${step.name}: nothing to say about a clean workspace`, async () => {
      assert.equal(await step.problems(workspace.root), '')
    })
    for (const plant of plants.filter((one) => one.step === step.name)) {
      test(`${step.name}: ${plant.title}`, async () => {
        const content = plant.add === undefined ? plant.content : workspace.read(plant.path) + plant.add
        const look = async (): Promise<string> => step.problems(workspace.root)
        assert.match(await workspace.withPlanted(plant.path, content ?? '', look), plant.expected)
      })
    }
  }

  test('every checker has a planted violation', () => {
    const planted = new Set(plants.map((plant) => plant.step))
    assert.deepEqual(
      checkSteps.map((step) => step.name).filter((name) => !planted.has(name)),
      [],
    )
  })
})
