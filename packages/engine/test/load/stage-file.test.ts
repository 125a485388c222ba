import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { openLake } from '@caudal/files'
import type { StagedFile } from '@caudal/spec'
import fc from 'fast-check'
import { LongNumberScanner } from '../../src/load/long-numbers.ts'
import { stageFile } from '../../src/load/stage-file.ts'

async function stage(t: TestContext, json: string): Promise<{ staged: StagedFile; text: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-stage-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const lake = await openLake({ path: path.join(folder, 'lake') }, { projectPath: folder })
  const file = path.join(folder, 'deals.ndjson')
  await writeFile(file, json)
  const staged = await stageFile(lake, 'crm/deals/1', {
    kind: 'file',
    path: file,
    origin: 'deals.ndjson',
    format: 'ndjson',
  })
  return { staged, text: Buffer.from(await lake.get(staged.key)).toString('utf8') }
}

function isFound(pieces: readonly string[]): boolean {
  const scanner = new LongNumberScanner()
  for (const piece of pieces) scanner.scan(Buffer.from(piece))
  return scanner.finish().hasLongNumbers
}

const kept = {
  'doubles as they are printed': JSON.stringify({ a: 1000 / 7, b: -0.1 - 0.2, c: 1e-7 / 3, d: 2 ** 60 / 3 }),
  'whole numbers of any length': '{"a":9007199254740993,"b":123456789012345678901234567890}',
  'digits in text': '{"a":"0.12345678901234567","b":"12345678901234567.25"}',
  'points in text': '{"a":"...................","b":" 10.11.12.13.14.15.16.17"}',
}

for (const [what, line] of Object.entries(kept)) {
  test(`a file stays as it is: ${what}`, async (t) => {
    const { staged, text } = await stage(t, `${line}\n`)
    assert.equal(staged.convertedFrom, undefined)
    assert.equal(text, `${line}\n`)
    assert.equal(staged.sha256, createHash('sha256').update(text).digest('hex'))
  })
}

test('numbers that a double would change are text in a copy beside the file', async (t) => {
  const line =
    '{"a":0.12345678901234567,"b":-1234567890123456.78,"c":123456789012345678e3,"d":1.5,"e":"x 1.12345678901234567"}'
  const { staged, text } = await stage(t, `{}\n${line}`)
  assert.equal(staged.convertedFrom, 'crm/deals/1/deals.ndjson')
  assert.equal(
    text,
    '{}\n{"a":"0.12345678901234567","b":"-1234567890123456.78","c":"123456789012345678e3","d":1.5,"e":"x 1.12345678901234567"}',
  )
})

test('a number is found wherever the pieces of the file end, and no double is taken for one', () => {
  const cut = fc.array(fc.nat({ max: 60 }), { maxLength: 4 })
  const pieces = (text: string, cuts: readonly number[]): string[] => {
    const ends = [0, ...cuts.toSorted((a, b) => a - b), text.length]
    return ends.slice(1).map((end, index) => text.slice(ends[index], end))
  }
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.nat({ max: 30 }),
      cut,
      (value, pad, cuts) => {
        const text = `${' '.repeat(pad)}[${JSON.stringify(value)},${JSON.stringify(value)}]`
        assert.equal(isFound(pieces(text, cuts)), false, text)
      },
    ),
  )
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 30 }), fc.constantFrom('', '\n', '}'), cut, (low, pad, end, cuts) => {
      const text = `${' '.repeat(pad)}1.00000000000000000000${low}1${end}`
      assert.equal(isFound(pieces(text, cuts)), true, text)
    }),
  )
})
