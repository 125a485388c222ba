import type { ColumnType, WrittenFormat } from '@caudal/spec'
import { DateReadings } from './date-readings.ts'
import { NumberReadings } from './number-readings.ts'

/** Two readings of a column between which nothing in it decides. */
export interface Ambiguity {
  readonly value: string
  readonly line: number
  readonly readings: readonly Reading[]
}

/** One way to read a column. */
export interface Reading {
  /** What the value would be. */
  readonly means: string
  readonly type: ColumnType
  /** The setting that says so. */
  readonly format: WrittenFormat
}

/** What a column is, by its values. */
export type Verdict =
  | { readonly kind: 'unseen' }
  | { readonly kind: 'typed'; readonly type: ColumnType; readonly format?: WrittenFormat }
  | { readonly kind: 'ambiguous'; readonly ambiguity: Ambiguity }

const isoDay = /^\d{4}-\d\d-\d\d$/
const isoTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(z|[+-]\d\d(?::?\d\d)?)?$/i
const clockTime = /^\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/
/** Zip codes, telephone numbers and accounts: as numbers they would lose their zeros. */
const leadingZero = /^-?0\d/

type Shape = 'boolean' | 'number' | 'date' | 'timestamp' | 'timestamptz' | 'time' | 'written date' | 'text'

/**
 * Evidence about one column of texts. A type is given only when every value has it; what loses digits, zeros or an offset stays text.
 * Numbers become integers or decimals, never doubles.
 */
export class ColumnEvidence {
  #shape: Shape | undefined
  readonly #numbers: NumberReadings
  readonly #dates: DateReadings

  /** @param written - How the project says that the column is written; what it leaves open is found out. */
  constructor(written: WrittenFormat = {}) {
    this.#numbers = new NumberReadings(written)
    this.#dates = new DateReadings(written)
  }

  /** Takes a value; an empty one says nothing. */
  note(value: string, line: number): void {
    const text = value.trim()
    if (text === '' || this.#shape === 'text') return
    const shape = this.#shapeOf(text, line)
    this.#shape = this.#shape === undefined ? shape : together(this.#shape, shape)
  }

  /** What the values seen so far say. */
  get verdict(): Verdict {
    if (this.#shape === undefined) return { kind: 'unseen' }
    if (this.#shape === 'number') return this.#numberVerdict()
    if (this.#shape === 'written date') return this.#dateVerdict()
    return { kind: 'typed', type: { kind: this.#shape } }
  }

  #shapeOf(text: string, line: number): Shape {
    if (this.#dates.isDeclared && this.#dates.note(text, line)) return 'written date'
    if (/^-?\d/.test(text)) {
      if (isoDay.test(text)) return isDay(text) ? 'date' : 'text'
      const time = isoTime.exec(text)
      if (time !== null)
        return isDay(text.slice(0, 10)) ? (time[1] === undefined ? 'timestamp' : 'timestamptz') : 'text'
      if (clockTime.test(text)) return 'time'
      if (/^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}/.test(text) && this.#dates.note(text, line)) return 'written date'
      if (leadingZero.test(text)) return 'text'
      return this.#numbers.note(text, line) ? 'number' : 'text'
    }
    return /^(true|false)$/i.test(text) ? 'boolean' : 'text'
  }

  #numberVerdict(): Verdict {
    const [first, second] = this.#numbers.possible
    if (first === undefined) return { kind: 'typed', type: { kind: 'text' } }
    if (second !== undefined && first.scale + second.scale > 0) {
      const value = this.#numbers.example ?? ''
      const readings = [first, second].map(({ decimal, thousands, integerDigits, scale }) => ({
        means: plainNumber(value, decimal),
        type: numberType(integerDigits, scale),
        format: numberFormat(decimal, thousands),
      }))
      return { kind: 'ambiguous', ambiguity: { value, line: this.#numbers.exampleLine, readings } }
    }
    const type = numberType(first.integerDigits, first.scale)
    const format = numberFormat(first.decimal, first.thousands)
    const isKnown = this.#numbers.isDeclared || !this.#numbers.hasSeparators
    return { kind: 'typed', type, ...(isKnown ? {} : { format }) }
  }

  #dateVerdict(): Verdict {
    const [first, second] = this.#dates.possible
    if (first === undefined) return { kind: 'typed', type: { kind: 'text' } }
    if (second !== undefined) {
      const readings = [first, second].map(({ words, format, hasTime }) => ({
        means: words,
        type: { kind: hasTime ? 'timestamp' : 'date' } as const,
        format: hasTime ? { timestampFormat: format } : { dateFormat: format },
      }))
      const { example = '', exampleLine } = this.#dates
      return { kind: 'ambiguous', ambiguity: { value: example, line: exampleLine, readings } }
    }
    const type = { kind: first.hasTime ? 'timestamp' : 'date' } as const
    const format = first.hasTime ? { timestampFormat: first.format } : { dateFormat: first.format }
    return { kind: 'typed', type, ...(this.#dates.isDeclared ? {} : { format }) }
  }
}

/** The shape of a column that has both. */
function together(a: Shape, b: Shape): Shape {
  if (a === b) return a
  const pair = [a, b].toSorted().join(' ')
  return pair === 'date timestamp' ? 'timestamp' : 'text'
}

/** Whether the day is in the calendar: 30 February is not. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** The exact type of numbers with so many digits before and after the point. */
export function numberType(integerDigits: number, scale: number): ColumnType {
  if (integerDigits + scale > 38) return { kind: 'text' }
  if (scale > 0) return { kind: 'decimal', precision: integerDigits + scale > 16 ? 38 : 18, scale }
  return integerDigits <= 18 ? { kind: 'integer' } : { kind: 'decimal', precision: 38, scale: 0 }
}

function numberFormat(decimal: '.' | ',', thousands: WrittenFormat['thousandsSeparator']): WrittenFormat {
  return {
    decimalSeparator: decimal,
    ...(thousands === undefined ? {} : { thousandsSeparator: thousands }),
  }
}

function plainNumber(text: string, decimal: '.' | ','): string {
  return decimal === '.' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.')
}
