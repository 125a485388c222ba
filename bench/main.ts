import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../tools/root.ts'
import { benchmarks } from './benchmarks.ts'
import { loadAverage, thisMachine } from './harness/machine.ts'
import { readResults, saveResult, type Result } from './harness/results.ts'
import { tableOf, writeTable } from './harness/table.ts'

/*
 * `npm run bench [name …]` runs benchmarks and keeps their results; `npm run bench -- --docs` writes the page from what is kept.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { docs: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
})

if (values.docs) await writeTable([...(await readResults()).values()])
else process.exitCode = await runAll(positionals.length === 0 ? Object.keys(benchmarks) : positionals)

async function runAll(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => benchmarks[name] === undefined)
  if (unknown.length > 0) {
    process.stderr.write(
      `Unknown: ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.\n`,
    )
    return 1
  }
  for (const name of names) {
    const result = await runOne(name)
    await saveResult(result)
    process.stdout.write(`${tableOf([result])}\n`)
  }
  return 0
}

async function runOne(name: string): Promise<Result> {
  const load = benchmarks[name]
  if (load === undefined) throw new Error(`Invariant broken: no benchmark ${name}`)
  const scratch = await mkdtemp(path.join(tmpdir(), 'caudal-bench-'))
  const rounds = Number(values.rounds)
  const before = loadAverage()
  try {
    const benchmark = await load()
    const log = (text: string): void => void process.stderr.write(`${name}: ${text}\n`)
    const lines = await benchmark.run({ rounds, scratch, log })
    return {
      name,
      at: new Date().toISOString(),
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
      rounds,
      machine: thisMachine(),
      load: [before, loadAverage()],
      lines,
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
