import { posix } from 'node:path'
import { areaOf, packageOf, type Rule, type Workspace, type WorkspacePackage } from '../workspace.ts'
import { findCycles, type Graph } from '../graph.ts'

/** No two packages need each other, and no file of a package reaches itself through others. */
export const cycles: Rule = (workspace) => [
  ...findCycles(packageGraph(workspace)).map((cycle) => ({
    file: `${cycle[0] ?? ''}/package.json`,
    message: `Packages import each other: ${cycle.join(' → ')}.`,
  })),
  ...workspace.packages.flatMap((owner) =>
    findCycles(fileGraph(owner)).map((cycle) => ({
      file: cycle[0] ?? owner.folder,
      message: `Files import each other: ${cycle.map((path) => path.slice(owner.folder.length + 1)).join(' → ')}.`,
    })),
  ),
]

function packageGraph(workspace: Workspace): Graph {
  return new Map(
    workspace.packages.map((owner) => {
      const targets = owner.files
        .filter((file) => areaOf(owner, file) !== 'test')
        .flatMap((file) => file.imports)
        .flatMap((record) => packageOf(workspace, record.specifier)?.target ?? [])
        .filter((target) => target !== owner)
      return [owner.folder, new Set(targets.map((target) => target.folder))]
    }),
  )
}

function fileGraph(owner: WorkspacePackage): Graph {
  const paths = new Set(owner.files.map((file) => file.path))
  return new Map(
    owner.files.map((file) => {
      const targets = file.imports
        .filter((record) => record.specifier.startsWith('.'))
        .map((record) => posix.join(posix.dirname(file.path), record.specifier))
      return [file.path, new Set(targets.filter((target) => paths.has(target)))]
    }),
  )
}
