import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What a package says of itself, as far as the tools read it. */
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
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const rooms = { packages: 'package', adapters: 'adapter', examples: 'example' } as const

/** A package of the workspace: everything under `packages/`, `adapters/` and `examples/`. */
export interface WorkspacePackage {
  /** `packages/spec`, `adapters/duckdb`, `examples/sales`. */
  readonly folder: string
  /** `spec`, `duckdb`, `sales`. */
  readonly shortName: string
  readonly kind: (typeof rooms)[keyof typeof rooms]
  readonly manifest: PackageManifest
}

/** The packages of the workspace at `root`, by name. */
export function workspacePackages(root: string): ReadonlyMap<string, WorkspacePackage> {
  const found = Object.entries(rooms).flatMap(([room, kind]) =>
    globSync(`${room}/*/package.json`, { cwd: root }).map((file) => {
      const folder = dirname(file).replaceAll('\\', '/')
      const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as PackageManifest
      return { folder, shortName: basename(folder), kind, manifest }
    }),
  )
  return new Map(found.map((one) => [one.manifest.name, one]))
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
