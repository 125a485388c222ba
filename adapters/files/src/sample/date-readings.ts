import type { WrittenFormat } from '@caudal/spec'

/** A way to read dates that are not ISO 8601. */
interface DateReading {
  /** strptime pattern. */
  readonly format: string
  /** In words, for messages. */
  readonly words: string
  readonly dayAt: 1 | 2 | 3
  readonly monthAt: 1 | 2 | 3
  readonly pattern: RegExp
}

const dayReadings: readonly DateReading[] = ['/', '-', '.'].flatMap((separator) => {
  const s = separator === '.' ? '\\.' : separator
  const short = new RegExp(`^(\\d{1,2})${s}(\\d{1,2})${s}(\\d{4})$`)
  const long = new RegExp(`^(\\d{4})${s}(\\d{1,2})${s}(\\d{1,2})$`)
  const readings: DateReading[] = [
    {
      format: `%d${separator}%m${separator}%Y`,
      words: 'day, month, year',
      dayAt: 1,
      monthAt: 2,
      pattern: short,
    },
    {
      format: `%m${separator}%d${separator}%Y`,
      words: 'month, day, year',
      dayAt: 2,
      monthAt: 1,
      pattern: short,
    },
  ]
  if (separator !== '-') {
    readings.push({
      format: `%Y${separator}%m${separator}%d`,
      words: 'year, month, day',
      dayAt: 3,
      monthAt: 2,
      pattern: long,
    })
  }
  return readings
})

const clocks: readonly { readonly format: string; readonly pattern: RegExp }[] = [
  { format: '%H:%M', pattern: /^\d{1,2}:\d\d$/ },
  { format: '%H:%M:%S', pattern: /^\d{1,2}:\d\d:\d\d$/ },
  { format: '%I:%M %p', pattern: /^\d{1,2}:\d\d [AP]M$/i },
  { format: '%I:%M:%S %p', pattern: /^\d{1,2}:\d\d:\d\d [AP]M$/i },
]

/** A format that fits every date of a column. */
export interface FittingFormat {
  readonly format: string
  readonly words: string
  readonly hasTime: boolean
}

/** Follows, over the dates of a column, which formats stay possible. */
export class DateReadings {
  #days: readonly DateReading[] = dayReadings
  readonly #declared: readonly {
    readonly format: string
    readonly pattern: RegExp
    readonly hasTime: boolean
  }[]
  #fitting: string | undefined
  #clock: string | undefined
  #count = 0
  example: string | undefined
  exampleLine = 0

  constructor({ dateFormat, timestampFormat }: WrittenFormat) {
    this.#declared = [
      ...(dateFormat === undefined
        ? []
        : [{ format: dateFormat, pattern: patternOf(dateFormat), hasTime: false }]),
      ...(timestampFormat === undefined
        ? []
        : [{ format: timestampFormat, pattern: patternOf(timestampFormat), hasTime: true }]),
    ]
  }

  /** Whether the project says how dates are written. */
  get isDeclared(): boolean {
    return this.#declared.length > 0
  }

  /** Takes a date's text. @returns whether any format is left. */
  note(text: string, line: number): boolean {
    if (this.isDeclared) return this.#noteDeclared(text)
    const [, day = '', gap = '', clock] = /^(\S+?)(?:(,? )(\d.*))?$/.exec(text) ?? []
    const time = clock === undefined ? '' : clockOf(clock)
    const format = time === undefined ? undefined : time === '' ? '' : gap + time
    if (this.#count > 0 && format !== this.#clock) this.#days = []
    if (format === undefined) this.#days = []
    this.#clock = format
    this.#count++
    if (this.example === undefined) {
      this.example = text
      this.exampleLine = line
    }
    this.#days = this.#days.filter((reading) => fits(reading, day))
    return this.#days.length > 0
  }

  #noteDeclared(text: string): boolean {
    const found = this.#declared.find(({ pattern }) => pattern.test(text))
    if (found === undefined || (this.#fitting !== undefined && this.#fitting !== found.format)) return false
    this.#fitting = found.format
    return true
  }

  /** The formats that fit every date so far. */
  get possible(): readonly FittingFormat[] {
    const declared = this.#declared.find(({ format }) => format === this.#fitting)
    if (declared !== undefined) return [{ ...declared, words: declared.format }]
    if (this.isDeclared) return []
    const clock = this.#clock ?? ''
    return this.#days.map(({ format, words }) => ({ format: format + clock, words, hasTime: clock !== '' }))
  }
}

/** Whether the text is a date, with or without a time, in some way of writing. */
export function isWrittenDate(text: string): boolean {
  return new DateReadings({}).note(text, 0)
}

/** What texts of a strptime pattern look like. */
function patternOf(format: string): RegExp {
  const parts = format
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/%-?([a-zA-Z])/g, (_whole, letter: string) => {
      if (letter === 'Y') return '\\d{4}'
      if (/[bBaAp]/.test(letter)) return '\\p{L}+\\.?'
      if (letter === 'z') return '(?:Z|[+-]\\d\\d:?(?:\\d\\d)?)'
      return letter === 'f' || letter === 'g' || letter === 'n' ? '\\d+' : '\\d{1,2}'
    })
  return new RegExp(`^${parts}$`, 'iu')
}

function clockOf(text: string): string | undefined {
  return clocks.find(({ pattern }) => pattern.test(text))?.format
}

function fits(reading: DateReading, text: string): boolean {
  const match = reading.pattern.exec(text)
  if (match === null) return false
  const day = Number(match[reading.dayAt])
  const month = Number(match[reading.monthAt])
  if (month < 1 || month > 12 || day < 1) return false
  const year = Number(match[reading.dayAt === 3 ? 1 : 3])
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}
