import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openControlDatabase } from '@caudal/sqlite'
import { controlContract } from '@caudal/testkit'

const folder = mkdtempSync(join(tmpdir(), 'caudal-control-'))
after(() => rmSync(folder, { recursive: true, force: true }))

controlContract('sqlite', {
  open: (place) => openControlDatabase({ path: join(folder, `${place}.sqlite`) }),
  openBackup: (path) => openControlDatabase({ path }),
})
