import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { caudal } from './cli-project.ts'

const root = path.join(import.meta.dirname, '..', '..', '..')
const fixture = path.join(import.meta.dirname, 'fixtures', 'types')

test('docs/types.md shows the project that the tests use, and what the commands print', async (t) => {
  const page = await readFile(path.join(root, 'docs', 'types.md'), 'utf8')
  const source = /```ts\n\/\/ sources\/crm\.ts\n([^]*?)```/.exec(page)?.[1]
  assert.equal(source, await readFile(path.join(fixture, 'sources', 'crm.ts'), 'utf8'))
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-page-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  await cp(fixture, folder, { recursive: true })
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  const steps = [...page.matchAll(/```console\n([^]*?)```/g)].flatMap(([, block = '']) =>
    block.split(/^\$ /m).slice(1),
  )
  assert.equal(steps.length, 7)
  for (const step of steps) {
    const [command = '', ...expected] = step.trimEnd().split('\n')
    assert.equal(await print(folder, command), expected.join('\n'), command)
  }
})

/** What a command of the page prints, standard output first. */
async function print(folder: string, command: string): Promise<string> {
  const [, parameters] = /^npx caudal (.*)$/.exec(command) ?? []
  if (parameters === undefined) return shell(folder, command)
  const { stdout, stderr } = await caudal(folder, ...parameters.split(' '))
  return `${stdout}${stderr}`.trimEnd()
}

async function shell(folder: string, command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: folder })
  return stdout.trimEnd()
}
