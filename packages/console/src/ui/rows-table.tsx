import type { Column, JsonValue } from '@caudal/spec'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { ScrollArea } from './scroll-area.tsx'
import './rows-table.css'

/** Rows of data with their columns as they lie in the warehouse. */
export function RowsTable(props: {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly JsonValue[])[]
  readonly label: string
}): ReactNode {
  const { format } = usePreferences()
  const { columns } = props
  return (
    <ScrollArea className="rows-scroll" label={props.label}>
      <table className="rows-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                className={isNumeric(column) ? 'number' : ''}
                title={column.description}
              >
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column, index) => {
                const text = format.cell(row[index], column)
                return (
                  <td
                    key={column.name}
                    className={isNumeric(column) ? 'number' : 'cut'}
                    title={text.length > 28 ? text : undefined}
                  >
                    {text}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  )
}

function isNumeric(column: Column): boolean {
  return ['integer', 'decimal', 'double'].includes(column.type.kind)
}
