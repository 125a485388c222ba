import { lakeContract } from '@caudal/testkit'
import { folder, openLake } from '../../src/index.ts'

lakeContract('folder', {
  open: (path) => openLake(folder({ path }).options, { projectPath: '/' }),
})
