import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { scanJson } from '../../src/index.ts'

function elements(text: string, path: readonly string[]): unknown[] | undefined {
  const bytes = Buffer.from(text)
  const { array } = scanJson(bytes, path)
  if (array === undefined) return undefined
  const cuts = [array.start, ...array.commas, array.end]
  const parts = cuts.slice(1).map((end, index) => bytes.subarray((cuts[index] ?? 0) + 1, end).toString())
  return parts.length === 1 && parts[0]?.trim() === '' ? [] : parts.map((part) => JSON.parse(part) as unknown)
}

describe('scanJson', () => {
  it('finds an array at the root, below names and beside look-alikes', () => {
    assert.deepEqual(elements('[{"a":1},{"b":[1,2]}]', []), [{ a: 1 }, { b: [1, 2] }])
    assert.deepEqual(elements('{"x":{"data":[9]},"data":[ {"a":"},{"} , {"b":"\\""} ],"y":[3]}', ['data']), [
      { a: '},{' },
      { b: '"' },
    ])
    assert.deepEqual(elements('{"a":{"b":[]}}', ['a', 'b']), [])
  })

  it('finds nothing where there is no array', () => {
    for (const text of ['{"data":{}}', '{"data":null}', '{}', '"data"', '7', '']) {
      assert.equal(elements(text, ['data']), undefined, text)
    }
  })

  it('takes the last of two fields with one name, and a name written with escapes, as JSON.parse does', () => {
    assert.deepEqual(elements('{"data":[1],"data":[2,3]}', ['data']), [2, 3])
    assert.deepEqual(elements('{"d\\u0061ta":[1]}', ['data']), [1])
  })

  it('notices long numbers anywhere, and not digits in strings', () => {
    const isLong = (text: string): boolean => scanJson(Buffer.from(text), ['data']).mayHoldLongNumber
    assert.ok(isLong('{"next":12345678901234567890,"data":[]}'))
    assert.ok(isLong('{"data":[{"a":-0.1234567890123456}]}'))
    assert.ok(isLong('{"data":[1e400]}'))
    assert.ok(!isLong('{"data":[{"a":"12345678901234567890","b":1.5e10,"c":true}]}'))
  })

  it('cuts every document where JSON.parse sees its elements', () => {
    const document = fc.record({
      before: fc.jsonValue(),
      data: fc.array(fc.jsonValue()),
      after: fc.jsonValue(),
    })
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        assert.deepEqual(
          elements(JSON.stringify(value, null, indent), ['data']),
          JSON.parse(JSON.stringify(value.data)),
        )
      }),
    )
  })

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '1', 'data', ' ') }),
        (text) => {
          scanJson(Buffer.from(text), ['data'])
        },
      ),
    )
  })
})
