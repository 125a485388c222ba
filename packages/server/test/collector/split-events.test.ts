import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { depthMax, splitEvents } from '../../src/collector/body/split-events.ts'

const split = (text: string, format: 'json' | 'ndjson' = 'json'): string[] =>
  splitEvents(Buffer.from(text), format).map((slice) =>
    'bytes' in slice ? slice.bytes.toString().trimEnd() : `! ${slice.problem}`,
  )

test('the items of any array come one by one, byte for byte', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (items, indent) => {
      const slices = splitEvents(Buffer.from(JSON.stringify(items, null, indent)), 'json')
      assert.deepEqual(
        slices.map((slice) => ('bytes' in slice ? JSON.parse(slice.bytes.toString()) : slice.problem)),
        JSON.parse(JSON.stringify(items)),
      )
    }),
  )
})

test('numbers keep their digits, and texts their brackets, quotes and commas', () => {
  assert.deepEqual(split('[ {"n":12345678901234567890.10} , {"t":"a],[\\"}\\\\"},"x,y" ]'), [
    '{"n":12345678901234567890.10}',
    '{"t":"a],[\\"}\\\\"}',
    '"x,y"',
  ])
})

test('one event, none, and lines', () => {
  assert.deepEqual(split(' {"a":1} \n'), ['{"a":1}'])
  assert.deepEqual(split('[]'), [])
  assert.deepEqual(split('  '), [])
  assert.deepEqual(split('{"a":1}\r\n\n  {"a":2}\n', 'ndjson'), ['{"a":1}', '{"a":2}'])
})

test('what is not an array says what is wrong and keeps the events that came whole', () => {
  assert.deepEqual(split('[1,,2]'), ['1', '! there is nothing between two commas', '2'])
  assert.deepEqual(split('[1,]'), ['1', '! there is nothing between two commas'])
  assert.deepEqual(split('[1] [2]'), ['1', '! something follows the array'])
  assert.deepEqual(split('[{"a":1}, {"b"'), ['{"a":1}', '{"b"', '! the array does not end'])
  assert.deepEqual(split('["never ends'), ['"never ends', '! the array does not end'])
})

test('what nests too deeply is refused before it is parsed', () => {
  const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
  assert.deepEqual(split(`[${deep(depthMax)}, ${deep(depthMax + 1)}]`), [
    deep(depthMax),
    `! it nests deeper than ${depthMax}`,
  ])
  assert.equal(splitEvents(Buffer.from('{"a":'.repeat(1_000_000)), 'json').length, 1)
})
