import {
  CaudalError,
  isDeclaration,
  toErrorReport,
  type Declaration,
  type ErrorReport,
  type PackDeclaration,
  type ProjectDeclaration,
} from '@caudal/spec'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectFiles } from './project-files.ts'

/** A declaration with the module and export that it was found under. */
export interface FoundDeclaration {
  /** Its own name, or that of the export. */
  readonly name: string
  readonly module: string
  readonly export: string
  readonly declaration: Declaration
  /** The declaration as it was exported: other declarations refer to it by identity. */
  readonly exported: Declaration
}

/** Folders whose modules are imported. */
const folders = ['sources', 'pipelines', 'models', 'metrics', 'dashboards'] as const

/** The default export of `caudal.config.ts`. */
export async function importConfig(projectPath: string): Promise<ProjectDeclaration> {
  const file = path.join(projectPath, 'caudal.config.ts')
  await access(file).catch(() => {
    throw new CaudalError({
      code: 'CAUDAL_PROJECT_MISSING',
      message: `There is no caudal.config.ts in ${projectPath}.`,
      hint: 'Change to the folder of a project, or begin one: caudal init my-company.',
      context: { path: projectPath },
    })
  })
  const module = await importModule(projectPath, 'caudal.config.ts')
  const config = module['default']
  if (typeof config === 'object' && config !== null && 'kind' in config && config.kind === 'project') {
    return config as ProjectDeclaration
  }
  throw new CaudalError({
    code: 'CAUDAL_PROJECT_CONFIG',
    message: 'caudal.config.ts does not export a project as its default.',
    hint: 'Write: export default defineProject({ name, targets }).',
    context: { path: file },
  })
}

/** Every declaration of packs and of the modules in the project's folders. Modules that cannot be imported become problems. */
export async function importDeclarations(
  projectPath: string,
  packs: readonly PackDeclaration[],
  problems: ErrorReport[],
  wanted: readonly string[] = folders,
): Promise<FoundDeclaration[]> {
  const found: FoundDeclaration[] = packs.flatMap((pack) =>
    Object.entries(pack.declarations).map(([name, declaration]) => ({
      name: nameOf(declaration, name),
      module: pack.name,
      export: name,
      declaration: relativePlaces(declaration, projectPath),
      exported: declaration,
    })),
  )
  for (const folder of wanted) {
    for (const file of await projectFiles(projectPath, folder, ['.ts'])) {
      try {
        const module = await importModule(projectPath, file)
        for (const [name, value] of Object.entries(module)) {
          if (!isDeclaration(value)) continue
          found.push({
            name: nameOf(value, name),
            module: file,
            export: name,
            declaration: relativePlaces(value, projectPath),
            exported: value,
          })
        }
      } catch (error) {
        problems.push(toErrorReport(error))
      }
    }
  }
  return found
}

function nameOf(declaration: Declaration, exported: string): string {
  return 'name' in declaration && typeof declaration.name === 'string' ? declaration.name : exported
}

/** The declaration, and the checks that it brings, with places relative to the project. */
function relativePlaces(declaration: Declaration, projectPath: string): Declaration {
  const relative = <T extends { readonly place: string }>(one: T): T => ({
    ...one,
    place: relativePlace(one.place, projectPath),
  })
  if (!('place' in declaration)) return declaration
  const placed = relative(declaration)
  return placed.kind === 'external table' ? { ...placed, checks: placed.checks.map(relative) } : placed
}

function relativePlace(place: string, projectPath: string): string {
  const [, file, line] = /^(.*):(\d+)$/.exec(place) ?? []
  if (file === undefined || !path.isAbsolute(file)) return place
  return `${path.relative(projectPath, file)}:${line ?? '1'}`
}

async function importModule(projectPath: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path.join(projectPath, file)).href)) as Record<string, unknown>
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    const line = new RegExp(`${file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+)`).exec(
      String(error instanceof Error ? error.stack : ''),
    )?.[1]
    const place = `${file}${line === undefined ? '' : `:${line}`}`
    if (CaudalError.isInstance(error)) {
      throw new CaudalError({ ...error.toJSON(), message: `${place}: ${text}`, cause: error })
    }
    throw new CaudalError({
      code: 'CAUDAL_PROJECT_MODULE',
      message: `${place}: the module cannot be imported: ${text}`,
      hint: 'Correct the file; `npx tsc --noEmit` shows type errors.',
      context: { file },
      cause: error,
    })
  }
}
