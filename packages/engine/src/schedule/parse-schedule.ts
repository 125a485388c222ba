import { CaudalError, suggestion } from '@caudal/spec'
import { Cron } from 'croner'

/** When a source is read. */
export interface Schedule {
  /** The first tick after a time. */
  next(after: Date): Date
  /** Ticks after `from`, up to and with `to`: how many (counted to 10,000), and the last one. */
  between(from: Date, to: Date): { readonly count: number; readonly last: Date | undefined }
}

const unitMs = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const
const countMax = 10_000

/**
 * Reads a schedule: `every 15 minutes`, `every hour`, `every day`, `every day at 06:30`, or a cron expression of five fields (six with
 * seconds first) as croner reads it. Seconds, minutes and hours tick at multiples since 1970-01-01T00:00Z, so `every 15 minutes` is at :00,
 * :15, :30 and :45; days and cron in the zone. A local time that a clock change leaves out ticks right after it, one that occurs twice
 * ticks once.
 * @param timeZone IANA zone
 * @throws CaudalError `CAUDAL_SCHEDULE_INVALID`
 */
export function parseSchedule(text: string, timeZone: string): Schedule {
  const trimmed = text.trim()
  checkTimeZone(trimmed, timeZone)
  if (!/^every\b/i.test(trimmed)) return cronSchedule(trimmed, trimmed, timeZone)
  const daily = /^every\s+(?:1\s+)?days?(?:\s+at\s+([01]?\d|2[0-3]):([0-5]\d))?$/i.exec(trimmed)
  if (daily !== null) {
    const [, hour = '0', minute = '0'] = daily
    return cronSchedule(trimmed, `${Number(minute)} ${Number(hour)} * * *`, timeZone)
  }
  const [, count = '1', word = ''] = /^every\s+(?:(\d+)\s+)?([a-z]+)$/i.exec(trimmed) ?? []
  const unit = word.toLowerCase().replace(/s$/, '')
  if (!isUnit(unit)) {
    const near = suggestion(word.toLowerCase(), ['seconds', 'minutes', 'hours', 'day'])
    throw invalid(text, `it is none of \`every <n> seconds|minutes|hours\`, \`every day at 06:30\`.${near}`)
  }
  if (Number(count) < 1 || Number(count) > 10_000)
    throw invalid(text, 'the number must lie between 1 and 10,000')
  return intervalSchedule(Number(count) * unitMs[unit])
}

function isUnit(unit: string): unit is keyof typeof unitMs {
  return unit in unitMs
}

function intervalSchedule(stepMs: number): Schedule {
  const before = (at: Date): number => Math.floor(at.getTime() / stepMs)
  return {
    next: (after) => new Date((before(after) + 1) * stepMs),
    between: (from, to) => {
      const count = Math.max(0, before(to) - before(from))
      return {
        count: Math.min(countMax, count),
        last: count === 0 ? undefined : new Date(before(to) * stepMs),
      }
    },
  }
}

function cronSchedule(text: string, pattern: string, timezone: string): Schedule {
  const cron = parseCron(text, pattern, timezone)
  const next = (after: Date): Date => {
    const tick = cron.nextRun(after)
    if (tick === null) throw invalid(text, 'it never comes')
    return tick
  }
  next(new Date())
  return {
    next,
    between: (from, to) => {
      let count = 0
      let last: Date | undefined
      for (let tick = next(from); tick <= to && count < countMax; tick = next(tick)) {
        count++
        last = tick
      }
      return { count, last }
    },
  }
}

function parseCron(text: string, pattern: string, timezone: string): Cron {
  try {
    return new Cron(pattern, { timezone, paused: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)
    throw invalid(text, reason.replace(/\.$/, ''))
  }
}

function checkTimeZone(text: string, timeZone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw invalid(text, `there is no time zone \`${timeZone}\``)
  }
}

function invalid(text: string, reason: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SCHEDULE_INVALID',
    message: `The schedule \`${text}\` cannot be read: ${reason.replace(/\.$/, '')}.`,
    hint: "Write 'every 15 minutes', 'every day at 06:30', or a cron expression such as '0 6 * * MON-FRI', with timeZone: 'Europe/Madrid'.",
    context: { schedule: text },
  })
}
