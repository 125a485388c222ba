import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { NdjsonScanner } from '../../src/load/ndjson-scanner.ts'
import { wholeLines } from '../../src/load/whole-lines.ts'

function look(text: string, cuts: readonly number[] = []): ReturnType<NdjsonScanner['finish']> {
  const bytes = Buffer.from(text)
  const ends = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  const scanner = new NdjsonScanner()
  for (const [index, end] of ends.slice(1).entries()) scanner.scan(bytes.subarray(ends[index], end))
  return scanner.finish()
}

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(),
  fc.json(),
  fc.constantFrom(true, false, null),
)
const field = fc.oneof(
  fc.constantFrom('id', 'name', 'a"b', 'c\\', '{', 'é', ','),
  fc.string({ unit: 'binary' }),
)
const space = fc.constantFrom('', ' ', '\t', ' \r')

test('the fields of any records are found, wherever the pieces of the file end', () => {
  const member = fc
    .tuple(field, value, space)
    .map(
      ([name, one, gap]) => [name, `${gap}${typeof one === 'bigint' ? one : JSON.stringify(one)}`] as const,
    )
  const line = fc.tuple(fc.array(member, { maxLength: 6 }), space).map(([members, gap]) => ({
    names: members.map(([name]) => name),
    text: `${gap}{${members.map(([name, one]) => `${gap}${JSON.stringify(name)}${gap}:${one}${gap}`).join(',')}}${gap}\n`,
  }))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 6 }), (lines, cuts) => {
      const text = lines.map((one) => one.text).join('')
      const expected = new Set(lines.flatMap(({ names }) => names))
      assert.deepEqual(new Set(look(text, cuts).fields), expected, text)
    }),
  )
})

const unknown = {
  'a line that is no object': '{"a":1}\n[1]\n',
  'two objects on a line': '{"a":1}{"b":2}\n',
  'a text without end': '{"a":"x\n{"b":1}\n',
  'a nested object without end': '{"a":{"b":1\n{"c":1}}\n',
  'a byte order mark': '\uFEFF{"a":1}\n',
  'a value that is missing': '{"a":,"b":1}\n',
  'more fields than a table has': Array.from({ length: 2_001 }, (_, index) => `{"f${index}":1}\n`).join(''),
}

for (const [what, text] of Object.entries(unknown)) {
  test(`what is not known is left to the engine: ${what}`, () => {
    assert.equal(look(text).fields, undefined)
    assert.equal(look(`${text}{"z":0.12345678901234567}`).hasLongNumbers, true)
    assert.equal(look(`{"z":0.12345678901234567}\n${text}`).hasLongNumbers, true)
  })
}

const numbers = {
  '{"a":0.1234567890123456,"b":-12345678901234567890}': false,
  '{"a":"0.12345678901234567"}': false,
  '{"a":-0.12345678901234567}': true,
  '{"a":{"b":[1,{"c":12345678901234567.25}]}}': true,
  '{"a":123456789012345678E-3 }': true,
}

for (const [line, isLong] of Object.entries(numbers)) {
  test(`${line} ${isLong ? 'has' : 'has no'} number that a double would change`, () => {
    for (let cut = 0; cut <= line.length; cut++) assert.equal(look(line, [cut]).hasLongNumbers, isLong)
  })
}

test('a number of a field that is a double in the table may be one in the file', () => {
  const isFound = (line: string): boolean => {
    const scanner = new NdjsonScanner(new Set(['score']))
    scanner.scan(Buffer.from(`{"id":1,"score":0.5}\n${line}\n`))
    return scanner.finish().hasLongNumbers
  }
  assert.equal(isFound('{"score":0.12345678901234567,"id":1}'), false)
  assert.equal(isFound('{"score":{"score":0.12345678901234567}}'), true)
  assert.equal(isFound('{"amount":0.12345678901234567,"score":1}'), true)
})

test('a file is read in whole lines, whatever their length', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-lines-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const lines = [1, 2_500_000, 10, 1_000_000, 1_048_576, 3, 5_000_000].map((length) => 'x'.repeat(length))
  for (const text of [`${lines.join('\n')}\n`, lines.join('\n'), '', '\n']) {
    const file = path.join(folder, 'lines')
    await writeFile(file, text)
    const pieces: string[] = []
    for await (const piece of wholeLines(file)) pieces.push(piece.toString())
    assert.equal(pieces.join('') === text, true)
    for (const piece of pieces.slice(0, -1)) assert.ok(piece.endsWith('\n') || piece.length === 2 ** 21)
  }
})
