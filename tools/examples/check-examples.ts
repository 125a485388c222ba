import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand, sourceEnvironment } from '../run-command.ts'
import { extractExamples, type Example } from './extract.ts'

const pages = ['*.md', 'docs/**/*.md', '{packages,adapters,examples}/*/README.md']
const sources = ['{packages,adapters}/*/src/**/*.{ts,tsx}']
const folder = 'build/doc-examples'

/**
 * Compiles every TypeScript example of the pages and doc comments with the strict flags of the project. Examples of one
 * page see each other by the paths that their first lines name. Returns what the compiler found, with the lines of the pages.
 */
export async function checkExamples(root: string): Promise<string> {
  const examples = [...pages, ...sources].flatMap((pattern) =>
    globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).flatMap((origin) =>
      extractExamples(origin, readFileSync(join(root, origin), 'utf8')),
    ),
  )
  rmSync(join(root, folder), { recursive: true, force: true })
  if (examples.length === 0) return ''
  const origins = writeExamples(root, examples)
  const parameters = ['--pretty', 'false', '-p', join(folder, 'tsconfig.json')]
  const { code, output } = await runCommand('tsc', parameters, {
    cwd: root,
    environment: sourceEnvironment(root),
  })
  if (code === 0) return ''
  return output.trim().replaceAll(/^(\S+?\.tsx?)(?=\()/gm, (path) => origins.get(path) ?? path)
}

function writeExamples(root: string, examples: readonly Example[]): Map<string, string> {
  const origins = new Map<string, string>()
  for (const example of examples) {
    const path = freePath(example, origins)
    origins.set(path, example.origin)
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '\n'.repeat(example.line - 1) + example.code + '\n')
  }
  const compilerOptions = {
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    noEmit: true,
    noUnusedLocals: false,
    moduleDetection: 'force',
    types: ['node'],
    rootDir: '../..',
  }
  const project = { extends: '../../tsconfig.base.json', compilerOptions, include: ['.'] }
  writeFileSync(join(root, folder, 'tsconfig.json'), JSON.stringify(project, null, 2))
  return origins
}

function freePath(example: Example, taken: ReadonlyMap<string, string>): string {
  const page = example.origin.replaceAll(/[^\w.-]+/g, '-').replace(/\.\w+$/, '')
  const name = example.path ?? `line-${example.line}.ts`
  for (let edition = 1; ; edition += 1) {
    const path = join(folder, edition === 1 ? page : `${page}-${edition}`, name)
    if (!taken.has(path)) return path
  }
}
