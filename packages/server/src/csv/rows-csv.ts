import type { ColumnKind, RowsAnswer } from '@caudal/spec'
import { numberCell, textCell, type CsvTable } from './csv.ts'

const numberKinds: ReadonlySet<ColumnKind> = new Set(['integer', 'decimal', 'double'])

/** Rows behind a number as a table. */
export function rowsTable(answer: RowsAnswer): CsvTable {
  return {
    header: answer.columns.map((column) => column.name),
    rows: answer.rows.map((row) =>
      row.map((value, index) => {
        const kind = answer.columns[index]?.type.kind
        return kind !== undefined && numberKinds.has(kind) ? numberCell(value) : textCell(value)
      }),
    ),
  }
}
