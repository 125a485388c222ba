import {
  formatColumnType,
  type Column,
  type ColumnType,
  type TextFormat,
  type WrittenFormat,
} from '@caudal/spec'
import { duckdbType, lit } from '../sql.ts'

/*
 * The engine's own casts lose in silence: '2.125' becomes the integer 2, '0.125' the decimal(18,2) 0.13, '12/05/26' the 26th of May of the year
 * 12, and an offset or a time of day is dropped. Such values are therefore read as text and cast behind a guard: what would lose anything is
 * a misfit like any other. (Measured: 3 to 8 % of a typed read for each column.)
 */

/** Whether values of the type are read as text and cast by {@link strictCast}. */
export function isGuarded(type: ColumnType): boolean {
  return guarded.has(type.kind)
}

const guarded = new Set<ColumnType['kind']>(['integer', 'decimal', 'date', 'timestamp', 'timestamptz'])

/** How a column's values are written in a file: what is said of the column before what is said of the file. */
export function writtenFormat(text: TextFormat | undefined, field: string): WrittenFormat | undefined {
  const own = text?.columns?.[field]
  return own === undefined ? text : { ...text, ...own }
}

/** Casts text to the column's type; fails on the first value that does not fit or would lose something. Bytes travel as base64. */
export function strictCast(text: string, type: ColumnType, format?: WrittenFormat): string {
  if (type.kind === 'text') return text
  if (type.kind === 'bytes') return `from_base64(${text})`
  const complaint = `error(${complaintAbout(text, type)})`
  return (
    branches(text, type, format, complaint, 'CAST', 'strptime') ??
    `CAST(${plain(text, format)} AS ${duckdbType(type)})`
  )
}

/** The same, with NULL for a value that does not fit. */
export function tryCast(text: string, type: ColumnType, format?: WrittenFormat): string {
  if (type.kind === 'text') return text
  if (type.kind === 'bytes') return `TRY(from_base64(${text}))`
  return (
    branches(text, type, format, 'NULL', 'TRY_CAST', 'try_strptime') ??
    `TRY_CAST(${plain(text, format)} AS ${duckdbType(type)})`
  )
}

/** Why a value is a misfit, as SQL text. */
export function complaintAbout(text: string, type: Column['type']): string {
  return `'cannot read "' || left(${text}, 200) || '" as ${formatColumnType(type)}'`
}

/** A number in the file's own writing as plain decimal text. */
export function plain(text: string, format?: WrittenFormat): string {
  const separator = format?.thousandsSeparator
  const whole =
    separator === undefined
      ? text
      : separator === ' '
        ? `regexp_replace(${text}, '${spaces}', '', 'g')`
        : `replace(${text}, ${lit(separator)}, '')`
  return format?.decimalSeparator === ',' ? `replace(${whole}, ',', '.')` : whole
}

/** Spaces that part thousands: the plain one, and those that do not break a line. */
const spaces = '[ \u00a0\u202f]'

function branches(
  text: string,
  type: ColumnType,
  format: WrittenFormat | undefined,
  misfit: string,
  cast: 'CAST' | 'TRY_CAST',
  parse: 'strptime' | 'try_strptime',
): string | undefined {
  const name = duckdbType(type)
  if (type.kind === 'integer' || type.kind === 'decimal') {
    return `CASE WHEN ${losesDigits(text, type, format)} THEN ${misfit} ELSE ${cast}(${plain(text, format)} AS ${name}) END`
  }
  if (!isGuarded(type)) return undefined
  const written = type.kind === 'date' ? format?.dateFormat : format?.timestampFormat
  const own =
    written === undefined
      ? ''
      : ` WHEN year(try_strptime(trim(${text}), ${lit(written)})) >= 1000 THEN ${cast}(${parse}(trim(${text}), ${lit(written)}) AS ${name})`
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${isIso(text, type)} THEN ${cast}(${text} AS ${name})${own} ELSE ${misfit} END`
}

/** Whether a date or time is ISO 8601 with nothing that the type drops. The cheap test comes first: most values pass it. */
function isIso(text: string, type: ColumnType): string {
  const day = `strpos(${text}, '-') = 5`
  const pattern = (end: string): string =>
    `regexp_full_match(trim(${text}), '(?i)\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}${end}|-?infinity')`
  if (type.kind === 'date') return `(length(${text}) = 10 AND ${day}) OR ${pattern('')}`
  const clock = '([t ]+\\d{1,2}:\\d\\d(:\\d\\d(\\.\\d+)?)?'
  if (type.kind === 'timestamp')
    return `(length(${text}) = 19 AND ${day}) OR ${pattern(`${clock} *(z|utc)?)?`)}`
  return `${day} OR ${pattern(`${clock} *([a-z/_]+|[-+]\\d\\d(:?\\d\\d)?)?)?`)}`
}

/** Whether a number would lose digits or its grouping is odd. */
function losesDigits(text: string, type: ColumnType, format?: WrittenFormat): string {
  const point = format?.decimalSeparator ?? '.'
  const at = `strpos(${text}, ${lit(point)})`
  const escaped = point === '.' ? '\\.' : ','
  const exponent = `contains(${text}, 'e') OR contains(${text}, 'E')`
  const parts =
    type.kind === 'decimal'
      ? [
          `${at} > 0 AND length(${text}) - ${at} > ${type.scale} AND NOT regexp_full_match(trim(${text}), '.*${escaped}[0-9]{0,${type.scale}}0*')`,
          exponent,
        ]
      : [`(${at} > 0 OR ${exponent}) AND NOT regexp_full_match(trim(${text}), '[^eE]*${escaped}0*')`]
  const separator = format?.thousandsSeparator
  if (point === ',' && separator !== '.') parts.push(`contains(${text}, '.')`)
  if (separator !== undefined) {
    const group = separator === '.' ? '\\.' : separator === ' ' ? spaces : separator
    const isGrouped =
      separator === ' '
        ? `regexp_matches(trim(${text}), '${spaces}')`
        : `contains(${text}, ${lit(separator)})`
    parts.push(
      `${isGrouped} AND NOT regexp_full_match(trim(${text}), ${lit(`[-+]?[0-9]{1,3}(${group}[0-9]{3})+(${escaped}[0-9]+)?`)})`,
    )
  }
  return parts.map((part) => `(${part})`).join(' OR ')
}
