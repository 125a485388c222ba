/** How a number format shows a number. */
export type NumberShape = 'number' | 'date' | 'time' | 'moment'

const builtIn: Readonly<Record<number, NumberShape>> = {
  14: 'date',
  15: 'date',
  16: 'date',
  17: 'date',
  18: 'time',
  19: 'time',
  20: 'time',
  21: 'time',
  22: 'moment',
  45: 'time',
  46: 'number',
  47: 'time',
}

/** What a number format shows, by its number and, for a workbook's own formats, its code. */
export function shapeOfFormat(id: number, code: string | undefined): NumberShape {
  if (code === undefined)
    return builtIn[id] ?? ((id >= 27 && id <= 36) || (id >= 50 && id <= 58) ? 'date' : 'number')
  if (/\[[hms]+\]/i.test(code)) return 'number'
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';', 1)[0] ?? ''
  if (/general/i.test(bare)) return 'number'
  const hasDay = /[yd]/i.test(bare) || /mmm/i.test(bare)
  const hasClock = /[hs]/i.test(bare)
  if (hasDay) return hasClock ? 'moment' : 'date'
  return hasClock ? 'time' : 'number'
}

const dayMs = 86_400_000
const epochMs = Date.UTC(1899, 11, 30)
/** Days between the epochs of the two date systems of Excel. */
const days1904 = 1462

/**
 * A number of a workbook as text: digits without an exponent, after a point no more than make up the 15 that Excel keeps; a date or time as ISO 8601, with its time
 * of day where it has one.
 */
export function numberText(text: string, shape: NumberShape, is1904: boolean): string {
  const value = Number(text)
  if (!Number.isFinite(value)) return text
  if (shape === 'number' && /^-?\d+$/.test(text)) return text
  if (shape === 'number' || value < 0) return plainDigits(value)
  if (shape === 'time' && value < 1) return clock(Math.round(value * dayMs))
  const days = is1904 ? value + days1904 : value < 60 ? value + 1 : value
  const ms = Math.round(days * dayMs)
  const iso = new Date(epochMs + ms).toISOString()
  const time = ms % dayMs
  if (shape !== 'moment' && time === 0) return iso.slice(0, 10)
  return `${iso.slice(0, 10)} ${clock(time)}`
}

function clock(ms: number): string {
  const text = new Date(ms).toISOString().slice(11, 23)
  return text.endsWith('.000') ? text.slice(0, 8) : text
}

function plainDigits(value: number): string {
  const rounded = Number(value.toPrecision(15))
  const text = String(rounded)
  if (!text.includes('e')) return text
  const [digits = '', exponent = '0'] = text.split('e')
  const sign = digits.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.')
  const shift = Number(exponent)
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
  return sign + whole + fraction.padEnd(shift, '0')
}
