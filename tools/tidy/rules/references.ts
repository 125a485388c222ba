import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { packageOf, type Rule, type Violation, type Workspace, type WorkspacePackage } from '../workspace.ts'

interface TypeScriptProject {
  readonly compilerOptions?: { readonly composite?: boolean }
  readonly references?: readonly { readonly path: string }[]
}

/** `tsc -b` sees every package, and each package after those that it imports. */
export const references: Rule = (workspace) => {
  const built = referencesOf(workspace, '.')
  return workspace.packages
    .filter(isComposite(workspace))
    .flatMap((owner): Violation[] => [
      ...(built.has(owner.folder)
        ? []
        : [{ file: 'tsconfig.json', message: `No reference to \`${owner.folder}\`.` }]),
      ...missing(workspace, owner),
    ])
}

function missing(workspace: Workspace, owner: WorkspacePackage): Violation[] {
  const declared = referencesOf(workspace, owner.folder)
  return Object.keys(owner.manifest.dependencies ?? {})
    .flatMap((name) => packageOf(workspace, name)?.target ?? [])
    .filter((target) => isComposite(workspace)(target) && !declared.has(target.folder))
    .map((target) => ({
      file: `${owner.folder}/tsconfig.json`,
      message: `No reference to \`${target.folder}\`.`,
    }))
}

function isComposite(workspace: Workspace): (owner: WorkspacePackage) => boolean {
  return (owner) => {
    const project = readProject(workspace, owner.folder)
    return project !== undefined && project.compilerOptions?.composite !== false
  }
}

function referencesOf(workspace: Workspace, folder: string): Set<string> {
  const paths = readProject(workspace, folder)?.references ?? []
  return new Set(paths.map(({ path }) => posix.normalize(posix.join(folder, path)).replace(/\/$/, '')))
}

function readProject(workspace: Workspace, folder: string): TypeScriptProject | undefined {
  const path = join(workspace.root, folder, 'tsconfig.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TypeScriptProject) : undefined
}
