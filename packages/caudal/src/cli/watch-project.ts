import { readdirSync, watch, type FSWatcher } from 'node:fs'
import path from 'node:path'

/** A pause after the last change, in which an editor or git writes what belongs together. */
const quietMs = 100

/** Folders of a project that hold no part of it; those whose name begins with a dot are left out too. */
const ignored = new Set(['node_modules', 'data', 'dist'])

/** Calls back when files of the project have changed: TypeScript, SQL, YAML and the recorded schemas. @returns a function that ends it. */
export function watchProject(projectPath: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const changed = (file: string): void => {
    if (!/\.(?:[cm]?[jt]sx?|sql|ya?ml|json)$/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, quietMs)
  }
  const watchFolder = (name: string): void => {
    if (watchers.has(name)) return
    const watcher = watch(path.join(projectPath, name), { recursive: true }, (_event, file) => {
      if (file !== null) changed(file)
    })
    watcher.on('error', () => {
      watcher.close()
      watchers.delete(name)
    })
    watchers.set(name, watcher)
  }
  const watchNewFolders = (): boolean => {
    const before = watchers.size
    for (const entry of readdirSync(projectPath, { withFileTypes: true })) {
      const isPart = entry.isDirectory() && !ignored.has(entry.name) && !entry.name.startsWith('.')
      if (isPart) watchFolder(entry.name)
    }
    return watchers.size > before
  }
  watchNewFolders()
  const top = watch(projectPath, (_event, file) => {
    if (watchNewFolders()) changed('new-folder.ts')
    else if (file !== null) changed(file)
  })
  return () => {
    clearTimeout(timer)
    top.close()
    for (const watcher of watchers.values()) watcher.close()
  }
}
