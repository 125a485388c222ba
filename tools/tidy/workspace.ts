import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspacePackages, type WorkspacePackage as NamedPackage } from '../workspace-packages.ts'
import { parseSourceFile, type SourceFile } from './source-file.ts'

/** A package of the workspace with its code. */
export interface WorkspacePackage extends NamedPackage {
  readonly files: readonly SourceFile[]
}

/** The workspace as the tidy rules see it. */
export interface Workspace {
  readonly root: string
  readonly packages: readonly WorkspacePackage[]
  /** Code outside the packages: `tools/`, `test/`, `bench/`. */
  readonly outside: readonly SourceFile[]
  /** Every file that belongs to the project, code or not, relative to the root. */
  readonly paths: readonly string[]
}

/** A rule that does not hold, and where. */
export interface Violation {
  readonly file: string
  readonly line?: number
  readonly message: string
}

/** A rule of the workspace: pure, and empty when all is well. */
export type Rule = (workspace: Workspace) => Violation[]

const notOurs = /^(node_modules|dist|build|data|\.caudal|\.git)$/
const sourcePattern = /(?<!\.d)\.(ts|tsx|js|mjs)$/

/** Reads the workspace at `root`. */
export function readWorkspace(root: string): Workspace {
  const paths = listFiles(root, '').toSorted()
  const parse = (path: string): SourceFile => parseSourceFile(path, readFileSync(join(root, path), 'utf8'))
  const packages = [...workspacePackages(root).values()].map((one) => ({
    ...one,
    files: paths.filter((path) => path.startsWith(`${one.folder}/`) && isCode(path)).map(parse),
  }))
  const outside = paths.filter((path) => /^(tools|test|bench)\//.test(path) && isCode(path)).map(parse)
  return { root, packages, outside, paths }
}

/** The folder of a file inside its package: `src`, `test`, `bin`, or the empty string for the package's own folder. */
export function areaOf(owner: WorkspacePackage, file: SourceFile): string {
  const inner = file.path.slice(owner.folder.length + 1)
  return inner.includes('/') ? (inner.split('/')[0] ?? '') : ''
}

/** The package that an import names, with the path behind its name. */
export function packageOf(
  workspace: Workspace,
  specifier: string,
): { target: WorkspacePackage; inner: string } | undefined {
  const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : (specifier.split('/')[0] ?? '')
  const target = workspace.packages.find((one) => one.manifest.name === name)
  return target === undefined ? undefined : { target, inner: specifier.slice(name.length + 1) }
}

/** Whether `path` exists in the workspace. */
export function hasFile(workspace: Workspace, path: string): boolean {
  return existsSync(join(workspace.root, path))
}

function isCode(path: string): boolean {
  return sourcePattern.test(path) && !path.includes('/fixtures/')
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isFile()) return [path]
    return entry.isDirectory() && !notOurs.test(entry.name) ? listFiles(root, path) : []
  })
}
