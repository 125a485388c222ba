import type { Column } from '@caudal/spec'
import { describeValue, ValueMisfit } from './misfit.ts'

/** A whole number: as a `number` where that is exact. */
export type Whole = number | bigint

const dayMs = 86_400_000
const int64Least = -(2n ** 63n)
const int64Most = 2n ** 63n - 1n

/** Gives the whole number that a value is packed as. @throws ValueMisfit. */
export type ToWhole = (value: unknown) => Whole

/** How the values of a column become whole numbers. */
export function toWhole(column: Column): ToWhole {
  const { name, type } = column
  const refuse = (value: unknown, wanted: string): never => {
    throw new ValueMisfit(name, `${describeValue(value)} is not ${wanted}`)
  }
  switch (type.kind) {
    case 'decimal':
      return (value) =>
        unscaled(value, type.precision, type.scale) ??
        refuse(
          value,
          `a decimal of ${type.precision} digits, ${type.scale} of them behind the point, written out`,
        )
    case 'date':
      return (value) => days(value) ?? refuse(value, 'a day, YYYY-MM-DD')
    case 'time':
      return (value) => timeOfDay(value) ?? refuse(value, 'a time of day, HH:MM:SS')
    case 'timestamp':
      return (value) => local(value) ?? refuse(value, 'date and time without a zone, YYYY-MM-DDTHH:MM:SS')
    case 'timestamptz':
      return (value) =>
        instant(value) ?? refuse(value, 'an instant: a Date, or YYYY-MM-DDTHH:MM:SS with an offset')
    default:
      return (value) =>
        integer(value) ?? refuse(value, 'an integer of 64 bits (a number above 2^53 has lost digits)')
  }
}

function integer(value: unknown): Whole | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value === 'string') return /^[+-]?\d{1,19}$/.test(value) ? int64(BigInt(value)) : undefined
  return typeof value === 'bigint' ? int64(value) : undefined
}

function int64(value: bigint): bigint | undefined {
  return value >= int64Least && value <= int64Most ? value : undefined
}

/** The digits of a decimal without its point; `undefined` when one would be lost. A number is taken when it is whole. */
function unscaled(value: unknown, precision: number, scale: number): Whole | undefined {
  const text = decimalText(value)
  const parts = text === undefined ? null : /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  if (whole === '' && fraction === '') return undefined
  const kept = fraction.replace(/0+$/, '')
  if (kept.length > scale) return undefined
  const digits = (whole + kept.padEnd(scale, '0')).replace(/^0+/, '')
  if (digits.length > precision) return undefined
  const signed = `${sign === '-' ? '-' : ''}${digits === '' ? '0' : digits}`
  return digits.length <= 15 ? Number(signed) : BigInt(signed)
}

/** The text of a decimal value, or `undefined` for what may have lost digits. */
function decimalText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

function days(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined
  const ms = Date.parse(`${value}T00:00:00Z`)
  return isSameDay(ms, value) ? ms / dayMs : undefined
}

/** `Date.parse` takes 31 February for 3 March. */
function isSameDay(ms: number, text: string): boolean {
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text.slice(0, 10))
}

const timePattern = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?$/

function timeOfDay(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? timePattern.exec(value) : null
  if (parts === null) return undefined
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + Number((parts[4] ?? '').padEnd(6, '0'))
}

const localPattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](.+))?$/

function local(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? localPattern.exec(value) : null
  const [day, time] = parts === null ? [] : [days(parts[1]), parts[2] === undefined ? 0 : timeOfDay(parts[2])]
  return day === undefined || time === undefined ? undefined : day * dayMs * 1000 + time
}

const offsetPattern = /^(.*?)(Z|[+-]\d{2}(?::?\d{2})?)$/

function instant(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime() * 1000
  const parts = typeof value === 'string' ? offsetPattern.exec(value) : null
  if (parts === null) return undefined
  const [, written = '', offset = 'Z'] = parts
  const time = written.length > 10 ? local(written) : undefined
  return time === undefined ? undefined : time - offsetMinutes(offset) * 60_000_000
}

function offsetMinutes(offset: string): number {
  if (offset === 'Z') return 0
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', '') || 0)]
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
