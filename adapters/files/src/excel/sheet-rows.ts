import type { Readable } from 'node:stream'
import { numberText, type NumberShape } from './cell-value.ts'
import type { StringStore } from './string-store.ts'
import { readXml } from './xml.ts'

/** What the cells of a sheet refer to. */
export interface SheetContext {
  readonly strings: StringStore
  readonly styles: readonly NumberShape[]
  readonly is1904: boolean
}

/** A row of a sheet: its number, and its cells as text; `undefined` is an empty cell. */
export interface SheetRow {
  readonly number: number
  readonly cells: readonly (string | undefined)[]
}

/** Reads the rows of a sheet in order; `take` is waited for after each chunk. */
export async function readSheet(
  sheet: Readable,
  context: SheetContext,
  take: (rows: readonly SheetRow[]) => Promise<void>,
): Promise<void> {
  let rows: SheetRow[] = []
  let cells: (string | undefined)[] = []
  let number = 0
  let at = -1
  let cell = { type: '', style: 0, text: '', hasValue: false }
  let isValue = false
  let isHint = false
  await readXml(sheet, {
    open: (name, attributes) => {
      if (name === 'row') {
        number = Number(attributes['r'] ?? number + 1)
        cells = []
        at = -1
      } else if (name === 'c') {
        at = attributes['r'] === undefined ? at + 1 : columnOf(attributes['r'])
        cell = { type: attributes['t'] ?? '', style: Number(attributes['s'] ?? 0), text: '', hasValue: false }
      } else if (name === 'rPh') isHint = true
      isValue = (name === 'v' || (name === 't' && cell.type === 'inlineStr')) && !isHint
      if (isValue) cell.hasValue = true
    },
    text: (part) => {
      if (isValue) cell.text += part
    },
    close: (name) => {
      if (name === 'v' || name === 't') isValue = false
      if (name === 'rPh') isHint = false
      if (name === 'c' && cell.hasValue) cells[at] = valueOf(cell, context)
      if (name === 'row' && cells.some((value) => value !== undefined)) {
        rows.push({ number, cells: Array.from(cells) })
      }
    },
    pause: async () => {
      await take(rows)
      rows = []
    },
  })
  await take(rows)
}

function valueOf(
  { type, style, text }: { readonly type: string; readonly style: number; readonly text: string },
  { strings, styles, is1904 }: SheetContext,
): string | undefined {
  switch (type) {
    case 's':
      return strings.get(Number(text))
    case 'b':
      return text === '1' ? 'true' : 'false'
    case 'str':
    case 'inlineStr':
    case 'e':
    case 'd':
      return text
    default:
      return text === '' ? undefined : numberText(text, styles[style] ?? 'number', is1904)
  }
}

/** `B7` → 1. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of reference) {
    const code = letter.charCodeAt(0)
    if (code < 65 || code > 90) break
    column = column * 26 + code - 64
  }
  return column - 1
}
