import { CaudalError } from '@caudal/spec'

/** A half-open range of UTC days. @throws CaudalError `CAUDAL_CLI_RANGE`. */
export function dayRange(
  from: string | undefined,
  to: string | undefined,
  now: Date,
): { start: string; end: string } {
  const start = parseDay(from, '--from')
  const end = to === undefined ? now.toISOString().slice(0, 10) : parseDay(to, '--to')
  if (start < end) return { start, end }
  throw new CaudalError({
    code: 'CAUDAL_CLI_RANGE',
    message: `The range from ${start} to ${end} is empty. Nothing was done.`,
    hint: '--to is the day after the last one.',
  })
}

function parseDay(text: string | undefined, option: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.exec(text ?? '')?.[0]
  if (day !== undefined && !Number.isNaN(Date.parse(day))) return day
  throw new CaudalError({
    code: 'CAUDAL_CLI_RANGE',
    message: `${option} ${text === undefined ? 'is missing' : `\`${text}\` is not a day`}. Nothing was done.`,
    hint: 'Write days as 2026-01-31.',
  })
}
