import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RowWriter } from '../../src/load/row-writer.ts'

/** What a value is after the way through the file; `undefined`: left out. */
function expected(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(expected)
  if (typeof value === 'object' && value !== null) return fieldsOf(value)
  return Object.is(value, -0) ? 0 : value
}

function fieldsOf(row: object): Record<string, unknown> {
  const entries = Object.entries(row).flatMap(([field, value]) => {
    const text = expected(value)
    return text === undefined ? [] : [[field, text] as const]
  })
  return Object.fromEntries(entries)
}

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined),
)
const value = fc.oneof(
  scalar,
  fc.date({ noInvalidDate: false }),
  fc.uint8Array(),
  fc.array(fc.oneof(fc.bigInt(), fc.double({ noNaN: false }))),
)
const rowOf = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
  value,
)

test('every value of every row comes back, whichever way it is written', () => {
  fc.assert(
    fc.property(fc.array(rowOf, { maxLength: 20 }), (rows) => {
      const writer = new RowWriter()
      const lines = writer.write(rows).split('\n')
      assert.equal(lines.pop(), '')
      assert.deepEqual(
        lines.map((line) => JSON.parse(line) as unknown),
        rows.map(fieldsOf),
      )
      assert.deepEqual(new Set(writer.fields), new Set(rows.flatMap((row) => Object.keys(fieldsOf(row)))))
    }),
  )
})

test('an operation stands in front of the row, also of an empty one', () => {
  const lines = new RowWriter().write([{ id: 1 }, {}, { id: 2n }], ['upsert', 'delete', 'delete'])
  assert.equal(
    lines,
    '{"_caudal_operation":"upsert","id":1}\n{"_caudal_operation":"delete"}\n{"_caudal_operation":"delete","id":"2"}\n',
  )
})

test('what a class inherits or computes is written as it was, not as its toJSON says', () => {
  class Deal {
    id = 9007199254740993n
    toJSON(): string {
      return 'not this'
    }
  }
  const inheriting = Object.create({ stage: 'won' }) as Record<string, unknown>
  inheriting['id'] = 1
  const rows = [{ id: 9007199254740993n }, new Deal() as unknown as Record<string, unknown>, inheriting]
  assert.equal(
    new RowWriter().write(rows),
    '{"id":"9007199254740993"}\n{"id":"9007199254740993"}\n{"id":1,"stage":"won"}\n',
  )
})
