import type { ValueFormat } from '@caudal/spec'
import type { Format } from '../i18n/format.ts'
import type { Messages } from '../i18n/messages-en.ts'

/** How a value moved against its comparison, for eye and ear. */
export interface Change {
  readonly arrow: 'up' | 'down' | 'flat' | 'none'
  /** Whether the move is good for the metric's direction. */
  readonly tone: 'good' | 'bad' | 'neutral'
  /** `+12.5%`, `−2.1 pts`. */
  readonly short: string
  /** `up 12.5%, better`. */
  readonly spoken: string
  /** The relative move, or the difference of percentages; `null` when there is none to tell. */
  readonly size: number | null
}

/** From here on a relative move is written as a multiple: `×12` is read at a glance, `+1,100%` is not. */
const manifold = 10

/** The direction of a metric in which more is good, bad, or neither. */
export type Direction = 'up' | 'down' | 'none'

/**
 * Compares a value with its previous one. Percentages differ in points; anything else relative to the size of the previous value,
 * which a previous value of zero does not allow.
 */
export function changeOf(
  value: string | null,
  previous: string | null | undefined,
  how: ValueFormat,
  direction: Direction,
  text: Messages,
  format: Format,
): Change {
  const nothing = {
    arrow: 'none',
    tone: 'neutral',
    short: '',
    spoken: text.tile.noPrevious,
    size: null,
  } as const
  if (value === null || previous === null || previous === undefined) return nothing
  const difference = Number(value) - Number(previous)
  if (Number(previous) === 0 && how.kind !== 'percent') return difference === 0 ? flat(text) : nothing
  const share = how.kind === 'percent' ? difference : difference / Math.abs(Number(previous))
  const size = amountText(Math.abs(share), how, text, format)
  if (amountText(0, how, text, format) === size) return flat(text)
  const isUp = share > 0
  const isGood = direction === 'none' ? undefined : isUp === (direction === 'up')
  const verdict = isGood === undefined ? '' : `, ${isGood ? text.tile.better : text.tile.worse}`
  return {
    arrow: isUp ? 'up' : 'down',
    tone: isGood === undefined ? 'neutral' : isGood ? 'good' : 'bad',
    short: share >= manifold ? `×${format.integer(1 + share)}` : `${isUp ? '+' : '−'}${size}`,
    spoken: (isUp ? text.tile.up(size) : text.tile.down(size)) + verdict,
    size: share,
  }
}

function flat(text: Messages): Change {
  return { arrow: 'flat', tone: 'neutral', short: text.tile.unchanged, spoken: text.tile.unchanged, size: 0 }
}

function amountText(share: number, how: ValueFormat, text: Messages, format: Format): string {
  if (how.kind === 'percent') return text.tile.points(format.decimal(share * 100, 1))
  return format.percent(share)
}
