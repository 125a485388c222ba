import { posix } from 'node:path'
import {
  areaOf,
  hasFile,
  packageOf,
  type Rule,
  type Violation,
  type Workspace,
  type WorkspacePackage,
} from '../workspace.ts'
import type { SourceFile } from '../source-file.ts'

/** Doors beside `src/index.ts`: the console command enters the one of its own package. */
const ownDoors: Readonly<Record<string, string>> = { caudal: './cli' }

/** A package is entered through `src/index.ts` alone: no deep import, no way around it, no `export *`. */
export const doors: Rule = (workspace) =>
  workspace.packages.flatMap((owner) => [
    ...doorOf(workspace, owner),
    ...owner.files.flatMap((file) => [...waysAround(workspace, owner, file), ...starExports(owner, file)]),
  ])

function doorOf(workspace: Workspace, owner: WorkspacePackage): Violation[] {
  const isPublished = owner.manifest.exports !== undefined
  const extra = Object.keys(owner.manifest.exports ?? {}).filter(
    (key) => key !== '.' && key !== ownDoors[owner.shortName],
  )
  const file = `${owner.folder}/package.json`
  const violations = extra.map((key) => ({ file, message: `\`exports\` opens a second door: \`${key}\`.` }))
  if (isPublished && !hasFile(workspace, `${owner.folder}/src/index.ts`)) {
    violations.push({ file, message: '`exports` is set, but there is no `src/index.ts`.' })
  }
  return violations
}

function waysAround(workspace: Workspace, owner: WorkspacePackage, file: SourceFile): Violation[] {
  return file.imports.flatMap(({ specifier, line }): Violation[] => {
    const { target, inner } = packageOf(workspace, specifier) ?? { target: undefined, inner: '' }
    if (target === owner && `./${inner}` === ownDoors[owner.shortName]) return []
    if (inner !== '') {
      return [
        { file: file.path, line, message: `Deep import \`${specifier}\`: import the package by its name.` },
      ]
    }
    if (!specifier.startsWith('.')) return []
    const path = posix.join(posix.dirname(file.path), specifier)
    if (path.startsWith(`${owner.folder}/`)) return []
    return [
      {
        file: file.path,
        line,
        message: `\`${specifier}\` leaves the package: import what you need by name.`,
      },
    ]
  })
}

function starExports(owner: WorkspacePackage, file: SourceFile): Violation[] {
  if (areaOf(owner, file) !== 'src') return []
  return file.starExports.map((line) => ({
    file: file.path,
    line,
    message: '`export *` hides what the door offers: name each export.',
  }))
}
