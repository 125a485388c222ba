import { CaudalError } from '@caudal/spec'
import { breakingLog, brokenLogs, logBehaviours } from '@caudal/testkit'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segmentBytes } from './fixtures/written-log.ts'
import { openLog } from '../src/index.ts'

for (const broken of brokenLogs) {
  test(`the contract suite sees a log that ${broken.what}`, async () => {
    const behaviour = logBehaviours.find(({ name }) => broken.seenBy.test(name))
    assert.ok(behaviour !== undefined, `${broken.seenBy.source} names a behaviour`)
    await assert.rejects(
      behaviour.run({
        open: async (path) =>
          breakingLog(await openLog({ path, segmentBytes }, { projectPath: '/', access: 'write' }), broken),
      }),
      (error) => error instanceof assert.AssertionError || CaudalError.isInstance(error),
    )
  })
}
