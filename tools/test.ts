import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildConsole } from './build-console.ts'
import { provision } from './provision.ts'
import { root } from './root.ts'
import { runCommand, sourceEnvironment } from './run-command.ts'

/** Suites that start browsers or servers, or plant violations: they run after the others. */
const isLate = (file: string): boolean => file.startsWith('test/e2e/') || file.startsWith('tools/')

/** `npm test [file …]`: provisions what can be had, then runs every test file; `--full` runs the long suites whole. */
export async function main(parameters: readonly string[]): Promise<number> {
  const isFull = parameters.includes('--full')
  const named = parameters.filter((parameter) => !parameter.startsWith('--'))
  const missing = await provision()
  await buildConsole()
  const files = named.length > 0 ? named : await testFiles()
  const emptyFiles = join(mkdtempSync(join(tmpdir(), 'caudal-test-')), 'empty.json')
  const environment = {
    ...sourceEnvironment(root),
    ...(isFull ? { CAUDAL_FULL: '1' } : {}),
    CAUDAL_EMPTY_FILES: emptyFiles,
  }
  const { code } = await runCommand(
    'node',
    [
      '--test',
      '--test-concurrency=2',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(root, 'tools', 'test-files-reporter.ts')}`,
      '--test-reporter-destination=stderr',
      `--test-timeout=${isFull ? 3_600_000 : 600_000}`,
      ...files,
    ],
    { cwd: root, environment, isShown: true },
  )
  for (const what of missing) console.log(`not provisioned: ${what}`)
  const empty = readEmptyFiles(emptyFiles)
  for (const file of empty) console.log(`✖ ${file} ended without a test: its process ended early`)
  const hasSkipped = missing.length > 0 && process.env['CI'] === 'true'
  return code === 0 && (hasSkipped || empty.length > 0) ? 1 : code
}

/** Files that ended without a test. */
function readEmptyFiles(file: string): readonly string[] {
  const empty = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : []
  rmSync(dirname(file), { recursive: true, force: true })
  return empty
}

async function testFiles(): Promise<string[]> {
  const patterns = [
    'packages/*/test/**/*.test.ts',
    'adapters/*/test/**/*.test.ts',
    'tools/**/*.test.ts',
    'test/**/*.test.ts',
  ]
  const found: string[] = []
  for (const pattern of patterns) {
    for await (const file of glob(pattern, { cwd: root })) {
      if (!file.includes('/fixtures/') && existsSync(file)) found.push(file.replaceAll('\\', '/'))
    }
  }
  return found.toSorted((a, b) => Number(isLate(a)) - Number(isLate(b)) || (a < b ? -1 : 1))
}
