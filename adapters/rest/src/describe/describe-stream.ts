import {
  normaliseFields,
  normaliseName,
  type Column,
  type Disposition,
  type StreamDeclaration,
  type StreamDescription,
} from '@caudal/spec'
import type { ColumnDeclaration, RestStreamOptions } from '../options.ts'

/** The stream's key, by field. */
export function keyFields({ primaryKey = [] }: RestStreamOptions): readonly string[] {
  return typeof primaryKey === 'string' ? [primaryKey] : primaryKey
}

/** How the stream's loads change its table. */
export function dispositionOf(options: RestStreamOptions): Disposition {
  if (options.disposition !== undefined) return options.disposition
  if (options.cursor === undefined) return 'replace'
  return keyFields(options).length > 0 ? 'merge' : 'append'
}

/** The declared columns; `undefined` when they are to be sampled. @throws CaudalError `CAUDAL_NAME_COLLISION`. */
export function declaredColumns(name: string, { columns }: RestStreamOptions): readonly Column[] | undefined {
  if (columns === undefined) return undefined
  return [...normaliseFields(Object.keys(columns), name)].flatMap(([column, field]) => {
    const declared = columns[field]
    return declared === undefined ? [] : toColumn(column, field, declared)
  })
}

function toColumn(name: string, field: string, declared: ColumnDeclaration): Column {
  const { type, nullable, description } = declared
  return {
    name,
    ...(name === field ? {} : { field }),
    type,
    ...(nullable === false ? { nullable: false } : {}),
    ...(description === undefined ? {} : { description }),
  }
}

/** What the project's code says of a stream. */
export function declareStream(name: string, options: RestStreamOptions): StreamDeclaration {
  const columns = declaredColumns(name, options)
  const {
    columns: _columns,
    isTyped: _isTyped,
    name: _name,
    ...description
  } = describeStream(name, options, [])
  return columns === undefined ? description : { ...description, columns, isTyped: true }
}

/** The stream with columns: the declared ones, else those given. */
export function describeStream(
  name: string,
  options: RestStreamOptions,
  sampled: readonly Column[],
): StreamDescription {
  const declared = declaredColumns(name, options)
  const { cursor, contract, retentionDays, description } = options
  const cursorColumn =
    cursor === undefined || cursor.field.includes('.') ? undefined : normaliseName(cursor.field)
  const order = options.order === undefined ? cursorColumn : normaliseName(options.order)
  return {
    name,
    columns: declared ?? sampled,
    isTyped: declared !== undefined,
    primaryKey: keyFields(options).map(normaliseName),
    disposition: dispositionOf(options),
    deletes:
      options.deletes ??
      (options.deleted !== undefined ? 'soft flag' : cursor === undefined ? 'full re-sync' : 'none'),
    contract: { columns: contract?.columns ?? 'evolve', types: contract?.types ?? 'evolve' },
    ...(order === undefined ? {} : { order }),
    ...(cursorColumn === undefined ? {} : { cursor: cursorColumn }),
    ...(cursor?.lagSeconds === undefined ? {} : { lagSeconds: cursor.lagSeconds }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(description === undefined ? {} : { description }),
  }
}
