import { normaliseFields, normaliseName, type Column } from '@caudal/spec'

/** Columns with normalised names. @throws CaudalError `CAUDAL_NAME_COLLISION`. */
export function checkedColumns(columns: readonly Column[], where: string): Column[] {
  normaliseFields(
    columns.map((column) => column.field ?? column.name),
    where,
  )
  return columns.map((column) => ({
    ...column,
    name: normaliseName(column.name),
    field: column.field ?? column.name,
  }))
}
