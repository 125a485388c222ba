import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolWye,
  type SymbolType,
} from 'd3-shape'
import type { ReactNode } from 'react'

/** Which of the series it is: it decides colour and symbol. `other` sums what was left out, `previous` is the comparison. */
export type Slot = number | 'other' | 'previous'

const symbols: readonly SymbolType[] = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolWye,
]

/** The CSS class that carries the colour of a series. */
export function slotClass(slot: Slot): string {
  return typeof slot === 'number' ? `slot-${(slot % symbols.length) + 1}` : `slot-${slot}`
}

/** The symbol of a series as a path around the origin: lines are told apart without colour. */
export function slotPath(slot: Slot, size: number): string {
  const type = typeof slot === 'number' ? (symbols[slot % symbols.length] ?? symbolCircle) : symbolCircle
  return symbol(type, size)() ?? ''
}

/** The mark of a series in legends and tooltips. */
export function SeriesMark(props: { readonly slot: Slot }): ReactNode {
  return (
    <svg
      className={`series-mark ${slotClass(props.slot)}`}
      width="12"
      height="12"
      viewBox="-6 -6 12 12"
      aria-hidden="true"
    >
      <path d={slotPath(props.slot, 44)} />
    </svg>
  )
}
