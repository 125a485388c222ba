import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { divide, formatExact, multiply, parseExact, type Exact } from '../../src/metric/exact.ts'

function exact(text: string): Exact {
  const parsed = parseExact(text)
  assert.ok(parsed !== undefined, text)
  return parsed
}

test('numbers as warehouses write them keep every digit', () => {
  for (const [text, expected] of [
    ['12.50', '12.50'],
    ['-0.07', '-0.07'],
    ['.5', '0.5'],
    ['1.5e+21', '1500000000000000000000'],
    ['2.5E-3', '0.0025'],
    ['0.000', '0'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
  ] as const) {
    assert.equal(formatExact(exact(text)), expected)
  }
  for (const text of ['NaN', 'Infinity', '-inf', '', '.', '1,5']) assert.equal(parseExact(text), undefined)
})

test('quotients are rounded half away from zero and lose the zeros at their end', () => {
  const quotient = (a: string, b: string): string => {
    const result = divide(exact(a), exact(b))
    return result === undefined ? 'none' : formatExact(result)
  }
  assert.equal(quotient('1', '3'), '0.333333333333')
  assert.equal(quotient('-2', '3'), '-0.666666666667')
  assert.equal(quotient('0.0000000000005', '1'), '0.000000000001')
  assert.equal(quotient('-0.0000000000005', '1'), '-0.000000000001')
  assert.equal(quotient('10.00', '4'), '2.5')
  assert.equal(quotient('7', '-0.50'), '-14')
  assert.equal(quotient('0', '5'), '0')
  assert.equal(quotient('5', '0.00'), 'none')
})

test('a product divided by one of its factors is the other', () => {
  const decimals = fc
    .tuple(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.integer({ min: 0, max: 6 }))
    .map(([units, scale]): Exact => ({ units, scale }))
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      fc.pre(b.units !== 0n)
      const back = divide(multiply(a, b), b)
      assert.ok(back !== undefined)
      assert.equal(back.units * 10n ** BigInt(a.scale), a.units * 10n ** BigInt(back.scale))
    }),
  )
})
