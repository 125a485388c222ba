import type { WrittenFormat } from '@caudal/spec'

/** A way to read numbers: what parts whole and fraction, and what groups thousands. */
export interface NumberReading {
  readonly decimal: '.' | ','
  readonly thousands: '.' | ',' | ' ' | "'" | undefined
  readonly pattern: RegExp
}

function reading(decimal: '.' | ',', thousands: NumberReading['thousands']): NumberReading {
  const point = decimal === '.' ? '\\.' : ','
  const group = thousands === '.' ? '\\.' : thousands
  const whole = group === undefined ? '\\d+' : `[1-9]\\d{0,2}(?:${group}\\d{3})+`
  return { decimal, thousands, pattern: new RegExp(`^-?(${whole})(?:${point}(\\d+))?$`) }
}

const plainReadings = { '.': reading('.', undefined), ',': reading(',', undefined) } as const

const groupedReadings: readonly NumberReading[] = [
  reading('.', ','),
  reading('.', ' '),
  reading('.', "'"),
  reading(',', '.'),
  reading(',', ' '),
  reading(',', "'"),
]

/** What a reading makes of the numbers of a column. */
export interface NumberSize {
  integerDigits: number
  scale: number
}

interface Track extends NumberSize {
  readonly decimal: '.' | ','
  /** Grouping seen so far or declared. */
  thousands: NumberReading['thousands'] | 'none'
  isPossible: boolean
}

/**
 * Follows, over the numbers of a column, which of the two ways to read them stays possible: a point or a comma before the fraction.
 * Numbers without either leave both open.
 */
export class NumberReadings {
  readonly #tracks: readonly Track[]
  /** Whether the project says how the numbers are written. */
  readonly isDeclared: boolean
  /** Whether some number has a separator at all. */
  hasSeparators = false
  /** The first number that the two ways read differently. */
  example: string | undefined
  exampleLine = 0

  constructor({ decimalSeparator, thousandsSeparator }: WrittenFormat) {
    this.isDeclared = decimalSeparator !== undefined || thousandsSeparator !== undefined
    this.#tracks = this.isDeclared
      ? [track(decimalSeparator ?? '.', thousandsSeparator ?? 'none')]
      : [track('.'), track(',')]
  }

  /** Takes a number's text. @returns whether any reading is left. */
  note(text: string, line: number): boolean {
    const isPlain = /^-?\d+$/.test(text)
    if (!isPlain) {
      this.hasSeparators = true
      if (this.example === undefined) {
        this.example = text
        this.exampleLine = line
      }
    }
    for (const one of this.#tracks) if (one.isPossible) noteTrack(one, text)
    return this.#tracks.some((one) => one.isPossible)
  }

  /** The readings that fit every number so far. */
  get possible(): readonly (NumberSize & Pick<NumberReading, 'decimal' | 'thousands'>)[] {
    const open = this.#tracks.filter((one) => one.isPossible)
    const found = open.map(({ thousands, ...one }) => ({
      ...one,
      thousands: thousands === 'none' ? undefined : thousands,
    }))
    return this.hasSeparators ? found : found.slice(0, 1)
  }
}

/** Whether the text is a number in some way of writing. */
export function isNumber(text: string): boolean {
  return [...Object.values(plainReadings), ...groupedReadings].some(({ pattern }) => pattern.test(text))
}

function track(decimal: '.' | ',', thousands?: Track['thousands']): Track {
  return { decimal, thousands, isPossible: true, integerDigits: 0, scale: 0 }
}

function noteTrack(one: Track, text: string): void {
  const plain = plainReadings[one.decimal].pattern.exec(text)
  if (plain !== null) {
    size(one, plain[1] ?? '', plain[2] ?? '')
    return
  }
  for (const grouped of groupedReadings) {
    if (grouped.decimal !== one.decimal) continue
    if (one.thousands !== undefined && one.thousands !== grouped.thousands) continue
    const match = grouped.pattern.exec(text)
    if (match === null) continue
    one.thousands = grouped.thousands
    size(one, (match[1] ?? '').replaceAll(/\D/g, ''), match[2] ?? '')
    return
  }
  one.isPossible = false
}

function size(one: NumberSize, whole: string, fraction: string): void {
  one.integerDigits = Math.max(one.integerDigits, whole === '0' ? 0 : whole.length)
  one.scale = Math.max(one.scale, fraction.length)
}
