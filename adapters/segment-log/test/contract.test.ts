import { logContract } from '@caudal/testkit'
import { openLog } from '../src/index.ts'

logContract('segment-log', {
  open: (path) => openLog({ path, segmentBytes: 8 * 1024 * 1024 }, { projectPath: '/', access: 'write' }),
})
