import { watch } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { openLake } from '../../src/index.ts'

/** Begins to put an object into the lake of the project that is named, says so, and never ends. */
const [, , projectPath = ''] = process.argv
const lake = await openLake({ path: 'data/lake' }, { projectPath })
const begun = watch(join(projectPath, 'data/lake/.tmp'))[Symbol.asyncIterator]().next()
void lake.putIfAbsent('crm/deals/1', new PassThrough())
await begun
process.stdout.write('writing')
setInterval(() => undefined, 1000)
