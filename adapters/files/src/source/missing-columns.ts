import { CaudalError, normaliseName, suggestion, type SourceContext } from '@caudal/spec'
import type { FileStreamDeclaration } from './declaration.ts'
import type { LookedAt } from './look.ts'

/**
 * Looks for columns that the stream has and the file does not. Their rows get NULL, with a warning; without a column of the key or the order,
 * one that is `notNull()`, or any where the contract for columns is `freeze`, the file is refused.
 * @throws CaudalError `CAUDAL_FILE_COLUMN_MISSING`
 */
export function checkColumns(
  name: string,
  looked: LookedAt,
  declaration: FileStreamDeclaration,
  context: SourceContext,
): void {
  if (looked.format === 'json' || looked.format === 'ndjson' || looked.profile.text?.header === false) return
  const { columns = [], primaryKey, order, contract } = declaration
  const fields = looked.profile.fields.map(({ field }) => field)
  const present = new Set(fields.map(normaliseName))
  const needed = new Set([...primaryKey, ...(order === undefined ? [] : [order])])
  for (const column of columns)
    if (column.nullable === false || contract.columns === 'freeze') needed.add(column.name)
  const missing = [...needed].filter((column) => !present.has(column))
  if (missing.length > 0) throw refused(name, missing, fields)
  const absent = columns.map((column) => column.name).filter((column) => !present.has(column))
  if (absent.length === 0) return
  context.log('warn', `${name} has no column ${absent.join(', ')}: its rows have NULL there.`, {
    file: name,
    columns: absent,
  })
}

function refused(name: string, missing: readonly string[], fields: readonly string[]): CaudalError {
  const near = missing.map((column) => suggestion(column, fields)).find((text) => text !== '') ?? ''
  return new CaudalError({
    code: 'CAUDAL_FILE_COLUMN_MISSING',
    message: `${name}, line 1: there is no column ${missing.map((column) => `\`${column}\``).join(', ')}; the file has ${fields.map((field) => `\`${field}\``).join(', ')}. Nothing of it was loaded.${near}`,
    hint: 'Export the file with the column; or, when it has another name now, declare it: columns: columns({ … }) with the new name.',
    context: { file: name, missing: [...missing], fields: [...fields] },
  })
}
