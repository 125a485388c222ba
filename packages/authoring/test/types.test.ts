import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { text as readText } from 'node:stream/consumers'
import { test } from 'node:test'

const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))

async function compile(folder: string): Promise<{ code: number | null; output: string }> {
  const project = fileURLToPath(new URL(`./fixtures/${folder}/tsconfig.json`, import.meta.url))
  const child = spawn(process.execPath, [compiler, '-p', project], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const output = await readText(child.stdout)
  return { code: await ended, output }
}

test('a project with right names compiles, and every wrong name is a type error', async () => {
  assert.deepEqual(await compile('types'), { code: 0, output: '' })
})

test('the check above fails when an expected error does not occur', async () => {
  const { code, output } = await compile('planted')
  assert.notEqual(code, 0)
  assert.match(output, /unused\.ts\(4,1\).*Unused '@ts-expect-error'/)
})

test('the example of the README compiles', async () => {
  assert.deepEqual(await compile('example'), { code: 0, output: '' })
})
