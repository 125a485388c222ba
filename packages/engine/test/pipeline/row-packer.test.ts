import type { Column, ColumnType, PackedRows } from '@caudal/spec'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RowPacker } from '../../src/pipeline/pack/row-packer.ts'

const column = (type: ColumnType, nullable = true): Column => ({
  name: 'v',
  type,
  ...(nullable ? {} : { nullable }),
})

/** The values of the only column, as they were packed. */
function valuesOf(packed: PackedRows): unknown[] {
  const [only] = packed.columns
  assert.ok(only !== undefined)
  const { values, nulls } = only
  return Array.from({ length: packed.rows }, (_, row) => {
    if (nulls?.[row] === 1) return null
    if (values.kind === 'wideIntegers')
      return ((values.data[row * 2 + 1] ?? 0n) << 64n) + BigInt.asUintN(64, values.data[row * 2] ?? 0n)
    if (values.kind !== 'texts') return values.data[row]
    return Buffer.from(values.data.subarray(values.ends[row - 1] ?? 0, values.ends[row])).toString('utf8')
  })
}

function pack(type: ColumnType, ...values: unknown[]): unknown[] {
  const packer = new RowPacker([column(type)])
  for (const v of values) packer.add({ v })
  return valuesOf(packer.finish())
}

function refusal(type: ColumnType, value: unknown, nullable = true): string {
  const packer = new RowPacker([column(type, nullable)])
  try {
    packer.add({ v: value })
  } catch (error) {
    assert.ok(error instanceof Error)
    assert.equal(packer.rows, 0)
    return error.message
  }
  return assert.fail(`${String(value)} was taken for a ${type.kind}: ${String(valuesOf(packer.finish()))}`)
}

test('integers of 64 bits keep every digit', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (list) => {
      assert.deepEqual(pack({ kind: 'integer' }, ...list), list)
      assert.deepEqual(pack({ kind: 'integer' }, ...list.map(String)), list)
    }),
  )
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), (list) => {
      assert.deepEqual(pack({ kind: 'integer' }, ...list), list.map(BigInt))
    }),
  )
  for (const value of [1.5, 2 ** 53, Number.NaN, 2n ** 63n, '9223372036854775808', '1e3', '', true])
    assert.match(refusal({ kind: 'integer' }, value), /is not an integer of 64 bits/)
})

test('decimals are exact, or refused', () => {
  const money: ColumnType = { kind: 'decimal', precision: 18, scale: 2 }
  assert.deepEqual(pack(money, '12.5', '-0.01', '1234567890123456.78', '.5', '7', 3, 10n, '1.500'), [
    1250n,
    -1n,
    123456789012345678n,
    50n,
    700n,
    300n,
    1000n,
    150n,
  ])
  for (const value of ['1.005', 0.1, '12345678901234567', '1,5', '', '.', '1e2', 'NaN'])
    assert.match(refusal(money, value), /is not a decimal of 18 digits, 2 of them behind the point/)
  const wide: ColumnType = { kind: 'decimal', precision: 38, scale: 10 }
  const digits = 12345678901234567890123456780123456789n
  assert.deepEqual(
    pack(
      wide,
      '1234567890123456789012345678.0123456789',
      '-0.0000000001',
      null,
      '-1234567890123456789012345678.0123456789',
    ),
    [digits, -1n, null, -digits],
  )
  assert.match(refusal(wide, '12345678901234567890123456789'), /38 digits/)
})

test('days, times and instants become what they say, and no other day', () => {
  assert.deepEqual(pack({ kind: 'date' }, '1970-01-02', '2024-02-29', '1969-12-31'), [1n, 19782n, -1n])
  assert.deepEqual(pack({ kind: 'time' }, '00:00:01', '23:59:59.123456', '08:30'), [
    1_000_000n,
    86_399_123_456n,
    30_600_000_000n,
  ])
  assert.deepEqual(pack({ kind: 'timestamp' }, '1970-01-01T00:00:01.5', '2026-03-29 02:30:00'), [
    1_500_000n,
    BigInt(Date.parse('2026-03-29T02:30:00Z')) * 1000n,
  ])
  assert.deepEqual(
    pack(
      { kind: 'timestamptz' },
      new Date(5),
      '2026-03-29T02:30:00+02:00',
      '2026-03-29T00:30:00Z',
      '2026-03-28T19:30:00-0500',
    ),
    [5000n, ...Array.from({ length: 3 }, () => BigInt(Date.parse('2026-03-29T00:30:00Z')) * 1000n)],
  )
  for (const value of ['2026-02-30', '2026-13-01', '29/03/2026', 20]) refusal({ kind: 'date' }, value)
  for (const value of ['24:00:00', '12:60', 'noon']) refusal({ kind: 'time' }, value)
  for (const value of ['2026-03-29T02:30:00', new Date(Number.NaN), '2026-02-30T00:00:00Z'])
    refusal({ kind: 'timestamptz' }, value)
})

test('texts, JSON and bytes come back byte for byte, whatever their number and length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 300 })), { maxLength: 40 }),
      (list) => {
        assert.deepEqual(
          pack({ kind: 'text' }, ...list),
          list.map((text) => (text === null ? null : Buffer.from(text).toString('utf8'))),
        )
      },
    ),
  )
  assert.deepEqual(pack({ kind: 'json' }, { a: [1, null, 'ñ'], big: 2n ** 60n }, 'x', 1.5), [
    '{"a":[1,null,"ñ"],"big":"1152921504606846976"}',
    '"x"',
    '1.5',
  ])
  assert.match(refusal({ kind: 'text' }, 5), /5 is not text/)
  assert.match(refusal({ kind: 'bytes' }, 'abc'), /"abc" is not bytes/)
})

test('a row that does not fit leaves nothing behind in any column', () => {
  const packer = new RowPacker([
    { name: 'id', type: { kind: 'text' }, nullable: false },
    { name: 'amount', field: 'Amount', type: { kind: 'decimal', precision: 10, scale: 2 } },
    { name: 'ok', type: { kind: 'boolean' } },
    { name: 'ratio', type: { kind: 'double' } },
  ])
  for (let index = 0; index < 5000; index++) {
    packer.add({
      id: `row ${index}`,
      Amount: index % 3 === 0 ? null : `${index}.25`,
      ok: index % 2 === 0,
      ratio: index / 7,
      other: 1,
    })
    assert.throws(
      () => packer.add({ id: 'bad', Amount: '1.005', ok: true, ratio: 1 }),
      /"1\.005" is not a decimal/,
    )
    assert.throws(() => packer.add({ id: 'bad', Amount: null, ok: true, ratio: '1' }), /"1" is not a number/)
    assert.throws(() => packer.add({ Amount: '1' }), /there is no value/)
  }
  const packed = packer.finish()
  assert.equal(packed.rows, 5000)
  const [id, amount, ok, ratio] = packed.columns
  assert.ok(id?.values.kind === 'texts' && amount?.values.kind === 'integers')
  assert.ok(ok?.values.kind === 'booleans' && ratio?.values.kind === 'doubles')
  for (let index = 0; index < 5000; index++) {
    const start: number = id.values.ends[index - 1] ?? 0
    assert.equal(
      Buffer.from(id.values.data.subarray(start, id.values.ends[index])).toString(),
      `row ${index}`,
    )
    assert.equal(amount.nulls?.[index], index % 3 === 0 ? 1 : 0)
    if (index % 3 !== 0) assert.equal(amount.values.data[index], BigInt(index * 100 + 25))
    assert.equal(ok.values.data[index], index % 2 === 0 ? 1 : 0)
    assert.equal(ratio.values.data[index], index / 7)
  }
  assert.equal(id.nulls, undefined)
})
