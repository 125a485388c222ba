import { adapterEdges, exampleEdges, packageEdges, testPackages, type Edge } from '../edges-table.ts'
import { areaOf, packageOf, type Rule, type Violation, type WorkspacePackage } from '../workspace.ts'
import type { ImportRecord, SourceFile } from '../source-file.ts'

/** A package imports only what the table of edges names; its tests also adapters and the test packages. */
export const edges: Rule = (workspace) =>
  workspace.packages.flatMap((owner) =>
    owner.files.flatMap((file) =>
      file.imports.flatMap((record): Violation[] => {
        const target = packageOf(workspace, record.specifier)?.target
        if (target === undefined || target === owner) return []
        const message = problemOf(owner, file, record, target)
        return message === undefined ? [] : [{ file: file.path, line: record.line, message }]
      }),
    ),
  )

function problemOf(
  owner: WorkspacePackage,
  file: SourceFile,
  record: ImportRecord,
  target: WorkspacePackage,
): string | undefined {
  const allowed = edgesOf(owner)
  const edge = allowed[target.shortName]
  const wanted = `\`${owner.shortName}\` imports \`${record.specifier}\``
  if (edge === 'any' || (edge === 'types' && record.typeOnly)) return undefined
  if (areaOf(owner, file) === 'test' && isOpenToTests(target)) return undefined
  if (edge === 'types') return `${wanted}: only \`import type\` is allowed here.`
  const names = Object.keys(allowed).join(', ') || 'nothing of ours'
  return `${wanted}, which is no edge of the architecture. \`${owner.shortName}\` may import: ${names}.`
}

function edgesOf(owner: WorkspacePackage): Readonly<Record<string, Edge>> {
  if (owner.kind === 'adapter') return adapterEdges
  if (owner.kind === 'example') return exampleEdges
  return packageEdges[owner.shortName] ?? {}
}

function isOpenToTests(target: WorkspacePackage): boolean {
  return target.kind === 'adapter' || testPackages.includes(target.shortName)
}
