import { isRawNumber, type LosslessJson } from '@caudal/http'
import { normaliseFields, type Column, type ColumnType } from '@caudal/spec'

/** What was seen of one field. */
interface Evidence {
  readonly kinds: Set<'boolean' | 'number' | 'string' | 'json'>
  integerDigits: number
  scale: number
  isBeyondDecimal: boolean
  isBeyondInteger: boolean
  /** Texts were all of this shape so far. */
  shape: TextShape | undefined
}

type TextShape = 'date' | 'timestamp' | 'timestamptz' | 'text'

/**
 * Columns by what sampled records hold, in the order in which fields appear. Numbers with a decimal point are decimals of the largest scale
 * seen, never doubles; a number that 38 digits cannot hold makes a double. Texts stay texts unless all of them are ISO 8601 days or
 * times of one sort; objects, lists and mixtures with them are JSON; other mixtures, and fields that were always null, are text.
 * @param records parsed with `parseJsonWithSources`
 * @throws CaudalError `CAUDAL_NAME_COLLISION`
 */
export function inferColumns(
  records: readonly Readonly<Record<string, LosslessJson>>[],
  where: string,
): readonly Column[] {
  const fields = new Map<string, Evidence>()
  for (const record of records) {
    for (const [field, value] of Object.entries(record)) {
      let evidence = fields.get(field)
      if (evidence === undefined) fields.set(field, (evidence = createEvidence()))
      note(evidence, value)
    }
  }
  return [...normaliseFields(fields.keys(), where)].map(([name, field]) => ({
    name,
    ...(name === field ? {} : { field }),
    type: typeOf(fields.get(field) ?? createEvidence()),
  }))
}

function createEvidence(): Evidence {
  return {
    kinds: new Set(),
    integerDigits: 0,
    scale: 0,
    isBeyondDecimal: false,
    isBeyondInteger: false,
    shape: undefined,
  }
}

function note(evidence: Evidence, value: LosslessJson): void {
  if (value === null) return
  if (typeof value === 'boolean') evidence.kinds.add('boolean')
  else if (typeof value === 'string') noteText(evidence, value)
  else if (typeof value === 'number') noteNumber(evidence, String(value))
  else if (isRawNumber(value)) noteNumber(evidence, value.rawJSON)
  else evidence.kinds.add('json')
}

const int64Max = 9_223_372_036_854_775_807n

function noteNumber(evidence: Evidence, source: string): void {
  evidence.kinds.add('number')
  const [, whole = '0', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? []
  const shift = Number(exponent)
  const scale = Math.max(0, fraction.length - shift)
  const integerDigits =
    whole === '0' ? Math.max(0, shift - leadingZeros(fraction)) : Math.max(0, whole.length + shift)
  evidence.integerDigits = Math.max(evidence.integerDigits, integerDigits)
  evidence.scale = Math.max(evidence.scale, scale)
  if (integerDigits + scale > 38) evidence.isBeyondDecimal = true
  const isLong = scale === 0 && integerDigits >= 19
  if (isLong && (integerDigits > 19 || BigInt(whole + fraction) > int64Max)) evidence.isBeyondInteger = true
}

function leadingZeros(digits: string): number {
  return /^0*/.exec(digits)?.[0].length ?? 0
}

const dayPattern = /^\d{4}-\d\d-\d\d$/
const timePattern = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(z|[+-]\d\d(:?\d\d)?)?$/i

function noteText(evidence: Evidence, text: string): void {
  evidence.kinds.add('string')
  const shape = shapeOf(text)
  const before = evidence.shape
  if (before === undefined || before === shape) evidence.shape = shape
  else if (isOneOf(before, shape, 'date', 'timestamp')) evidence.shape = 'timestamp'
  else evidence.shape = 'text'
}

function isOneOf(a: TextShape, b: TextShape, one: TextShape, other: TextShape): boolean {
  return (a === one && b === other) || (a === other && b === one)
}

function shapeOf(text: string): TextShape {
  if (dayPattern.test(text)) return isDay(text) ? 'date' : 'text'
  const zone = timePattern.exec(text)
  if (zone === null || !isDay(text.slice(0, 10))) return 'text'
  return zone[3] === undefined ? 'timestamp' : 'timestamptz'
}

/** Whether the day is in the calendar: 30 February is not. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function typeOf(evidence: Evidence): ColumnType {
  const { kinds } = evidence
  if (kinds.has('json')) return { kind: 'json' }
  if (kinds.size !== 1) return { kind: 'text' }
  if (kinds.has('boolean')) return { kind: 'boolean' }
  if (kinds.has('number')) return numberType(evidence)
  return { kind: evidence.shape ?? 'text' }
}

function numberType({ integerDigits, scale, isBeyondDecimal, isBeyondInteger }: Evidence): ColumnType {
  if (isBeyondDecimal || integerDigits + scale > 38) return { kind: 'double' }
  if (scale === 0) return isBeyondInteger ? { kind: 'decimal', precision: 38, scale: 0 } : { kind: 'integer' }
  return { kind: 'decimal', precision: integerDigits + scale > 16 ? 38 : 18, scale }
}
