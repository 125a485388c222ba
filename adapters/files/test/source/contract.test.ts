import { sourceContract, type SourceFactory, type SourceRecord } from '@caudal/testkit'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Column } from '@caudal/spec'
import { files, type FileStreamOptions } from '../../src/index.ts'

const columns: readonly Column[] = ['id', 'title', 'updated_at'].map((name) => ({
  name,
  type: { kind: 'text' },
}))

/** Notes in a file of JSON lines that is written anew whenever they change. */
function written(options: Partial<FileStreamOptions>): SourceFactory {
  return async (initial) => {
    const projectPath = await mkdtemp(path.join(tmpdir(), 'caudal-notes-'))
    const put = async (records: readonly SourceRecord[]): Promise<void> => {
      await mkdir(path.join(projectPath, 'notes'), { recursive: true })
      const file = path.join(projectPath, 'notes', 'all.ndjson')
      await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    }
    await put(initial)
    return {
      stream: 'notes',
      projectPath,
      create: () =>
        files({
          streams: {
            notes: { path: 'notes/*.ndjson', columns, primaryKey: ['id'], order: 'updated_at', ...options },
          },
        }).create(),
      put,
      close: () => rm(projectPath, { recursive: true, force: true }),
    }
  }
}

sourceContract('files', written({ deletes: 'full re-sync' }))
sourceContract('files, replaced', written({ disposition: 'replace' }))
