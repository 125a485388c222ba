import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  isRawNumber,
  parseJson,
  parseJsonWithSources,
  quoteLongNumbers,
  scalarText,
  survivesDouble,
  toPlainJson,
} from '../../src/index.ts'

const keptNumbers = [
  '9007199254740993',
  '-9223372036854775808',
  '18446744073709551616',
  '0.1234567890123456789',
  '123456789012.123456789',
  '1e400',
  '1E-400',
  '3.14159265358979323846',
]

describe('parseJson', () => {
  for (const source of keptNumbers) {
    it(`keeps every digit of ${source}`, () => {
      const value = parseJson(`{"a":[${source}]}`)
      assert.equal(JSON.stringify(value), `{"a":[${source}]}`)
    })
  }

  it('leaves numbers that a double holds as numbers', () => {
    assert.deepEqual(
      parseJson('[9007199254740991, 0.1, 1234567890.12345]'),
      [9007199254740991, 0.1, 1234567890.12345],
    )
  })

  it('does not touch digits inside strings', () => {
    assert.deepEqual(parseJson('{"phone":"12345678901234567890"}'), { phone: '12345678901234567890' })
  })

  it('tells how every number was written when asked', () => {
    const value = parseJsonWithSources('{"a":1.50,"b":1e3}') as Record<string, never>
    assert.equal(scalarText(value['a']), '1.50')
    assert.equal(scalarText(value['b']), '1e3')
    assert.ok(isRawNumber(value['a']))
  })

  it('makes plain JSON of kept numbers by writing them as strings', () => {
    assert.deepEqual(toPlainJson(parseJson('{"id":12345678901234567890,"n":[1,null,true]}')), {
      id: '12345678901234567890',
      n: [1, null, true],
    })
  })
})

describe('quoteLongNumbers', () => {
  it('quotes only numbers that a double cannot hold, at any depth', () => {
    assert.equal(
      quoteLongNumbers(
        '{"a":9007199254740993,"b":{"c":[0.1234567890123456789,1.5]},"d":"9007199254740993 \\" 1"}',
      ),
      '{"a":"9007199254740993","b":{"c":["0.1234567890123456789",1.5]},"d":"9007199254740993 \\" 1"}',
    )
  })

  it('makes any number survive JSON.parse', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,25})?([eE][+-]?\d{1,4})?$/)
    fc.assert(
      fc.property(digits, (source) => {
        const parsed: unknown = JSON.parse(quoteLongNumbers(`[${source}]`))
        const value = (parsed as [string | number])[0]
        assert.ok(typeof value === 'string' ? value === source : isSameDecimal(String(value), source))
      }),
    )
  })
})

describe('survivesDouble', () => {
  it('knows zeros', () => {
    for (const zero of ['0', '-0', '0.0', '0.000', '0e5']) assert.ok(survivesDouble(zero), zero)
  })
})

/** Whether two decimal texts name the same number, digit by digit. */
function isSameDecimal(a: string, b: string): boolean {
  const normal = (text: string): string => {
    const [, sign = '', whole = '', fraction = '', exponent = '0'] =
      /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
    const digits = (whole + fraction).replace(/^0+/, '')
    const trimmed = digits.replace(/0+$/, '')
    const scale = Number(exponent) - fraction.length + (digits.length - trimmed.length)
    return trimmed === '' ? '0' : `${sign}${trimmed}e${scale}`
  }
  return normal(a) === normal(b)
}
