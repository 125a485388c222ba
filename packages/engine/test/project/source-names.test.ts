import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { startProject } from '@caudal/engine'
import { project } from '../owner/open-owner.ts'

test('two sources that would fill one schema are named, with their files', async (t) => {
  const folder = await project(t)
  await writeFile(
    path.join(folder, 'sources', 'other.ts'),
    `import { defineSource, text } from '@caudal/authoring'

export const CRM = defineSource({
  streams: { deals: { columns: { id: text() }, read: async function* () { yield [] } } },
})
`,
  )
  const { manifest, worker } = await startProject(folder, true)
  await worker.close()
  assert.deepEqual(
    manifest.problems.map(({ code, message }) => [code, message]),
    [
      [
        'CAUDAL_SOURCE_COLLISION',
        'sources/other.ts: the source `CRM` and `crm` of sources/crm.ts both fill the schema `crm`.',
      ],
    ],
  )
})
