import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  withDependencies,
  workspacePackages,
  type PackageManifest,
  type WorkspacePackage,
} from './workspace-packages.ts'

/** Left out of what is published: what the build remembers, and maps to sources that are not in the package. */
const isPublished = (path: string): boolean => !/\.(tsbuildinfo|map|sources)$/.test(path)

/**
 * Puts together in `destination` the one package that users install: `caudal` with the packages of ours that it needs inside its
 * `node_modules` (bundled dependencies), so that a single archive installs whatever the registry has. Needs the built `dist` folders.
 */
export function assemble(root: string, destination: string): void {
  const packages = workspacePackages(root)
  const [main, ...inner] = withDependencies('caudal', packages)
  if (main === undefined) throw new Error('The workspace has no package caudal.')
  rmSync(destination, { recursive: true, force: true })
  copyPackage(main, destination, mainManifest(main, inner, packages))
  for (const one of inner)
    copyPackage(one, join(destination, 'node_modules', one.manifest.name), innerManifest(one))
  for (const file of ['LICENSE', 'NOTICE']) cpSync(join(root, file), join(destination, file))
}

function copyPackage({ folder, manifest }: WorkspacePackage, destination: string, published: object): void {
  mkdirSync(destination, { recursive: true })
  for (const part of [...manifest.files, 'README.md']) {
    const from = join(folder, part)
    if (!existsSync(from)) {
      if (part === 'README.md') continue
      throw new Error(`${manifest.name} publishes ${part}, which is not there: ${from}. Was it built?`)
    }
    cpSync(from, join(destination, part), { recursive: true, filter: isPublished })
  }
  writeFileSync(join(destination, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
}

function mainManifest(
  { manifest }: WorkspacePackage,
  inner: readonly WorkspacePackage[],
  packages: ReadonlyMap<string, WorkspacePackage>,
): object {
  const outer = [manifest, ...inner.map((one) => one.manifest)].flatMap((one) =>
    Object.entries(one.dependencies ?? {}).filter(([name]) => !packages.has(name)),
  )
  const ours = inner.map((one) => [one.manifest.name, one.manifest.version])
  return {
    ...withoutSources(manifest),
    files: [...manifest.files, 'NOTICE'],
    dependencies: Object.fromEntries([...outer, ...ours].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))),
    bundleDependencies: ours.map(([name]) => name),
  }
}

/** An inner package asks for nothing: the outer one has its dependencies. */
function innerManifest({ manifest }: WorkspacePackage): object {
  const { dependencies: _, ...rest } = withoutSources(manifest)
  return rest
}

/** Without the condition under which sources are entered in the workspace, and without what only development needs. */
function withoutSources(manifest: PackageManifest): PackageManifest {
  const { name, version, description, license, type, bin, files, exports, engines, dependencies } = manifest
  const { optionalDependencies } = manifest
  return {
    name,
    version,
    description,
    license,
    type,
    ...(bin === undefined ? {} : { bin }),
    files,
    ...(exports === undefined ? {} : { exports: publishedExports(exports) }),
    engines,
    ...(dependencies === undefined ? {} : { dependencies }),
    ...(optionalDependencies === undefined ? {} : { optionalDependencies }),
  }
}

function publishedExports(exports: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, conditions]) => {
      if (typeof conditions !== 'object' || conditions === null) return [entry, conditions]
      return [
        entry,
        Object.fromEntries(Object.entries(conditions).filter(([name]) => name !== '@caudal/source')),
      ]
    }),
  )
}
