import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bundle, entriesOf, licencesFile, neededBeside } from './bundle.ts'
import {
  withDependencies,
  workspacePackages,
  type PackageManifest,
  type WorkspacePackage,
} from '../workspace-packages.ts'

/** Left out of what is published: what the build remembers, and maps to sources that are not in the package. */
const isPublished = (path: string): boolean => !/\.(tsbuildinfo|map|sources)$/.test(path)

/** Modules of a package whose entries are bundled. */
const isModule = (path: string): boolean => /^dist[\\/].*\.js$/.test(path)

/**
 * Puts together in `destination` the one package that users install: `caudal` with the packages of ours that it needs inside its
 * `node_modules` (bundled dependencies), so that a single archive installs whatever the registry has. Needs the built `dist` folders.
 */
export async function assemble(root: string, destination: string): Promise<void> {
  const packages = workspacePackages(root)
  const [main, ...inner] = withDependencies('caudal', packages)
  if (main === undefined) throw new Error('The workspace has no package caudal.')
  rmSync(destination, { recursive: true, force: true })
  copyPackage(root, main, destination, mainManifest(main, inner, packages, root))
  const placed = inner.map((from) => ({ from, to: join(destination, 'node_modules', from.manifest.name) }))
  for (const { from, to } of placed) copyPackage(root, from, to, innerManifest(from))
  await bundle(root, destination, [{ from: main, to: destination }, ...placed])
  for (const file of ['LICENSE', 'NOTICE']) cpSync(join(root, file), join(destination, file))
}

function copyPackage(root: string, one: WorkspacePackage, destination: string, published: object): void {
  const { manifest } = one
  const folder = join(root, one.folder)
  const isBundled = entriesOf(one).length > 0
  mkdirSync(destination, { recursive: true })
  for (const part of [...manifest.files, 'README.md']) {
    const from = join(folder, part)
    if (!existsSync(from)) {
      if (part === 'README.md') continue
      throw new Error(`${manifest.name} publishes ${part}, which is not there: ${from}. Was it built?`)
    }
    cpSync(from, join(destination, part), {
      recursive: true,
      filter: (path) => isPublished(path) && !(isBundled && isModule(relative(folder, path))),
    })
  }
  writeFileSync(join(destination, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
}

function mainManifest(
  { manifest }: WorkspacePackage,
  inner: readonly WorkspacePackage[],
  packages: ReadonlyMap<string, WorkspacePackage>,
  root: string,
): object {
  const outer = [manifest, ...inner.map((one) => one.manifest)].flatMap((one) =>
    Object.entries(one.dependencies ?? {}).filter(([name]) => !packages.has(name)),
  )
  const ours = inner.map((one) => [one.manifest.name, one.manifest.version])
  return {
    ...withoutSources(manifest),
    files: [...manifest.files, 'NOTICE', licencesFile],
    dependencies: Object.fromEntries(
      [...neededBeside(root, outer), ...ours].toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    ),
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
