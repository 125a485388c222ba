import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import type { AnalysisCache } from '../model/analysis.ts'

/** A cache of SQL analyses in the project's `.caudal` folder, so that unchanged models need no parser. Losing it costs only time. */
export async function analysisCache(projectPath: string): Promise<AnalysisCache & { save(): Promise<void> }> {
  const file = path.join(projectPath, '.caudal', 'sql-analysis.json')
  const stored = await readStored(file)
  const used = new Map<string, string>()
  let isChanged = false
  return {
    get: (key) => {
      const value = used.get(key) ?? stored.get(key)
      if (value !== undefined) used.set(key, value)
      return value
    },
    set: (key, value) => {
      used.set(key, value)
      isChanged = true
    },
    save: async () => {
      if (!isChanged) return
      await mkdir(path.dirname(file), { recursive: true })
      // Commands that start at once write it side by side: each its own file, the last one stays.
      const unfinished = `${file}.${process.pid}.tmp`
      await writeFile(unfinished, JSON.stringify([...used]))
      await rename(unfinished, file)
    },
  }
}

async function readStored(file: string): Promise<Map<string, string>> {
  try {
    return new Map(JSON.parse(await readFile(file, 'utf8')) as [string, string][])
  } catch {
    return new Map()
  }
}
