import { readFileSync, globSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import type { WorkspacePackage } from '../workspace-packages.ts'

/**
 * Packages of others that go into our files: together they are a thousand small modules, and finding and reading these was most of what
 * a short command did. Those with native parts, or that find files beside themselves, stay outside.
 */
const bundledPackages: readonly string[] = [
  '@duckdb/node-api',
  '@hono/node-server',
  'croner',
  'hono',
  'hyparquet',
  'jose',
  'kysely',
  'undici',
  'yaml',
  'zod',
]

/** File with the licences of what is bundled. */
export const licencesFile = 'THIRD-PARTY'

/**
 * Writes the compiled packages into the folders of the published ones: each entry stands where its `exports` say, what entries share in
 * `dist/chunks`, so that nothing of ours is loaded twice.
 */
export async function bundle(
  root: string,
  destination: string,
  packages: readonly { readonly from: WorkspacePackage; readonly to: string }[],
): Promise<void> {
  const build = await rolldown({
    cwd: root,
    platform: 'node',
    input: Object.fromEntries(
      packages.flatMap(({ from, to }) =>
        entriesOf(from).map((file) => [
          join(relative(destination, to), file.replace(/\.js$/, '')),
          join(root, from.folder, file),
        ]),
      ),
    ),
    external: (id) => isPackage(id) && !id.startsWith('@caudal/') && !bundledPackages.includes(packageOf(id)),
  })
  await build.write({
    dir: destination,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'dist/chunks/[name]-[hash].js',
  })
  await build.close()
  writeFileSync(join(destination, licencesFile), licences(root))
}

/** Modules that are the start of a process or thread of their own. */
const processes: Readonly<Record<string, string>> = {
  '@caudal/duckdb': './dist/building/main.js',
  '@caudal/engine': './dist/worker/main.js',
  '@caudal/segment-log': './dist/write/writer-thread.js',
  '@caudal/server': './dist/collector/main.js',
}

/** The modules by which a package is entered. */
export function entriesOf({ manifest }: WorkspacePackage): string[] {
  const doors = Object.values(manifest.exports ?? {}).flatMap((conditions) => {
    const isEntry = typeof conditions === 'object' && conditions !== null && 'default' in conditions
    return isEntry && typeof conditions.default === 'string' ? [conditions.default] : []
  })
  const process = processes[manifest.name]
  return process === undefined ? doors : [...doors, process]
}

function isPackage(id: string): boolean {
  return !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0')
}

function packageOf(id: string): string {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/')
}

/** Of the dependencies, those that stay outside, and what the bundled ones need outside. */
export function neededBeside(
  root: string,
  dependencies: readonly (readonly [name: string, version: string])[],
): (readonly [name: string, version: string])[] {
  return dependencies.flatMap(([name, version]) =>
    bundledPackages.includes(name)
      ? Object.entries(manifestOf(root, name).dependencies ?? {})
      : [[name, version] as const],
  )
}

function manifestOf(root: string, name: string): BundledManifest {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as BundledManifest
}

interface BundledManifest {
  readonly version: string
  readonly license: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The licences of the packages that are bundled, as they ask. */
function licences(root: string): string {
  const texts = bundledPackages.map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = manifestOf(root, name)
    const [file] = globSync('LICEN[CS]E*', { cwd: folder })
    if (file === undefined) throw new Error(`${name} has no licence file.`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
  return `This package contains the following software of others.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`
}
