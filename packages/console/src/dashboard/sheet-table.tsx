import type { TileNode } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Icon } from '../ui/icon.tsx'
import { ScrollArea } from '../ui/scroll-area.tsx'
import { CellName, CellNumber } from './cells.tsx'
import { sortSheet, type Order, type Sheet, type SheetCell } from './sheet.ts'

/** A tile as a table; a click on a column's head sorts by it. */
export function SheetTable(props: { readonly tile: TileNode; readonly sheet: Sheet }): ReactNode {
  const { text, format, label } = usePreferences()
  const [order, setOrder] = useState<Order>()
  const { tile, sheet } = props
  const rows = order === undefined ? sheet.rows : sortSheet(sheet, order)
  return (
    <ScrollArea label={text.tile.tableOf(label(tile.title))}>
      <table className="sheet-table">
        <thead>
          <tr>
            {sheet.columns.map((column, index) => {
              const sorted = order?.column === index ? order.direction : undefined
              return (
                <th
                  key={index}
                  scope="col"
                  className={column.isNumber ? 'number' : ''}
                  aria-sort={sorted ?? 'none'}
                >
                  <button
                    type="button"
                    className="sort-button"
                    onClick={() => setOrder(nextOrder(order, index, column.isNumber))}
                  >
                    {column.label}
                    {sorted === undefined ? null : (
                      <Icon name={sorted === 'ascending' ? 'arrowUp' : 'arrowDown'} size={11} />
                    )}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} className={sheet.columns[index]?.isNumber === true ? 'number' : ''}>
                  <SheetValue tile={tile.id} cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {sheet.isCut ? (
        <p className="sheet-cut faint small">{text.tile.cut(rows.length, format.integer(rows.length))}</p>
      ) : null}
    </ScrollArea>
  )
}

function SheetValue({ tile, cell }: { readonly tile: string; readonly cell: SheetCell }): ReactNode {
  if (cell.choice !== undefined) return <CellName text={cell.text} choice={cell.choice} />
  return <CellNumber tile={tile} text={cell.text} cell={cell.cell} />
}

/** Numbers fall first, names rise first; a third click gives the order of the answer back. */
function nextOrder(order: Order | undefined, column: number, isNumber: boolean): Order | undefined {
  const first = isNumber ? 'descending' : 'ascending'
  if (order?.column !== column) return { column, direction: first }
  if (order.direction !== first) return undefined
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' }
}
