import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a package says of itself, as far as the build reads it. */
export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly type: string
  readonly bin?: Readonly<Record<string, string>>
  readonly files: readonly string[]
  readonly exports?: Readonly<Record<string, unknown>>
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Absolute path of its folder. */
  readonly folder: string
  readonly manifest: PackageManifest
}

/** The packages and adapters below `root`, by name. */
export function workspacePackages(root: string): ReadonlyMap<string, WorkspacePackage> {
  const files = globSync(['packages/*/package.json', 'adapters/*/package.json'], { cwd: root })
  return new Map(
    files.map((file) => {
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as PackageManifest
      return [manifest.name, { folder: join(root, dirname(file)), manifest }]
    }),
  )
}

/** The package and every package of the workspace that it needs, directly or not. @throws Error when there is no such package. */
export function withDependencies(
  name: string,
  packages: ReadonlyMap<string, WorkspacePackage>,
): readonly WorkspacePackage[] {
  const found = new Map<string, WorkspacePackage>()
  const visit = (wanted: string): void => {
    const one = packages.get(wanted)
    if (one === undefined) throw new Error(`The workspace has no package ${wanted}.`)
    if (found.has(wanted)) return
    found.set(wanted, one)
    for (const dependency of Object.keys(one.manifest.dependencies ?? {})) {
      if (packages.has(dependency)) visit(dependency)
    }
  }
  visit(name)
  return [...found.values()]
}
