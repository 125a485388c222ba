import { CaudalError } from '@caudal/spec'

import { openLake } from '../../src/index.ts'

/** Runs in a process of its own, on a disk or as a user that the test made: prints what writing 4 MB and listing give. */
const [path = '', user] = process.argv.slice(2)
if (user !== undefined) process.setuid?.(Number(user))

try {
  const lake = await openLake({ path }, { projectPath: '/' })
  await lake.putIfAbsent('small/1', Buffer.from('x'))
  await lake.putIfAbsent('large/1', Buffer.alloc(4_000_000, 'x'))
  console.log(JSON.stringify({ code: 'written' }))
} catch (thrown) {
  console.log(JSON.stringify(CaudalError.isInstance(thrown) ? thrown : { code: String(thrown) }))
}
