import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { it } from 'node:test'
import { promisify } from 'node:util'

const script = (records: number): string => `
  import { createCompany, STREAM_NAMES } from '@caudal/simulator'
  const company = createCompany({ seed: 7, records: ${records}, now: '2026-06-30T12:00:00Z' })
  for (const name of STREAM_NAMES) for (const row of company.read(name)) if (row.id === 0) throw new Error(name)
  console.log(process.resourceUsage().maxRSS)`

async function peakMegabytes(records: number): Promise<number> {
  const flags = ['--conditions=@caudal/source', '--input-type=module', '--eval', script(records)]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: import.meta.dirname })
  return Number(stdout) / 1024
}

it('memory does not grow with the number of records', async () => {
  const small = await peakMegabytes(100_000)
  const large = await peakMegabytes(900_000)
  assert.ok(large < 250, `${large.toFixed(0)} MB for 0.9 M records`)
  assert.ok(large - small < 60, `${small.toFixed(0)} MB for 0.1 M, ${large.toFixed(0)} MB for 0.9 M records`)
})
