/** A decimal number, every digit kept: units × 10^-scale. */
export interface Exact {
  readonly units: bigint
  readonly scale: number
}

/** Digits after the point of a quotient. */
const quotientScale = 12

/** Reads what a warehouse writes for a number, `1.5e+21` included; `undefined` for what is not one (`NaN`, `Infinity`). */
export function parseExact(text: string): Exact | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 }
}

/** The number as text, with as many digits after the point as its scale; zero is `0` whatever its scale. */
export function formatExact({ units, scale }: Exact): string {
  if (units === 0n) return '0'
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The product. */
export function multiply(a: Exact, b: Exact): Exact {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** The quotient to 12 digits after the point, rounded half away from zero, zeros at the end dropped; `undefined` over zero. */
export function divide(a: Exact, b: Exact): Exact | undefined {
  if (b.units === 0n) return undefined
  const shift = BigInt(quotientScale + b.scale)
  const numerator = a.units * 10n ** shift
  const denominator = b.units * 10n ** BigInt(a.scale)
  const isNegative = numerator < 0n !== denominator < 0n
  const [top, bottom] = [numerator, denominator].map((value) => (value < 0n ? -value : value)) as [
    bigint,
    bigint,
  ]
  let units = (top * 2n + bottom) / (bottom * 2n)
  let scale = quotientScale
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n
    scale--
  }
  return { units: isNegative ? -units : units, scale }
}
