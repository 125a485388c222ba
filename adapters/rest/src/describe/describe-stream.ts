import {
  invariant,
  normaliseFields,
  normaliseName,
  type Column,
  type Disposition,
  type StreamDeclaration,
  type StreamDescription,
} from '@caudal/spec'
import type { ColumnDeclaration, RestOptions, RestStreamOptions } from '../options.ts'
import { includedNames } from '../walk/include.ts'

const text = { kind: 'text' } as const

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

/**
 * The declared columns, those that come from the parent among them; `undefined` when they are to be sampled.
 * @throws CaudalError `CAUDAL_NAME_COLLISION`
 */
function declaredColumns(name: string, streams: RestOptions['streams']): readonly Column[] | undefined {
  const options = streams[name]
  if (options?.columns === undefined) return undefined
  const fields = { ...includedColumns(options, streams), ...options.columns }
  return [...normaliseFields(Object.keys(fields), name)].flatMap(([column, field]) => {
    const declared = fields[field]
    return declared === undefined ? [] : toColumn(column, field, declared)
  })
}

/** Columns of the fields that a parent gives: as the parent declares them, else text. */
function includedColumns(
  options: RestStreamOptions,
  streams: RestOptions['streams'],
): Readonly<Record<string, ColumnDeclaration>> {
  const parent = streams[options.parent?.stream ?? '']
  return Object.fromEntries(
    includedNames(options).map(([name, field]) => [name, { type: parent?.columns?.[field]?.type ?? text }]),
  )
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
export function declareStream(name: string, streams: RestOptions['streams']): StreamDeclaration {
  const columns = declaredColumns(name, streams)
  const {
    columns: _columns,
    isTyped: _isTyped,
    name: _name,
    ...description
  } = describeStream(name, streams, [])
  return columns === undefined ? description : { ...description, columns, isTyped: true }
}

/** The stream with columns: the declared ones, else those given. */
export function describeStream(
  name: string,
  streams: RestOptions['streams'],
  sampled: readonly Column[],
): StreamDescription {
  const options = streams[name]
  invariant(options !== undefined, `only declared streams are described, and ${name} is not`)
  const declared = declaredColumns(name, streams)
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
      (options.deleted !== undefined ? 'soft flag' : cursor === undefined ? wholeRead(options) : 'none'),
    contract: { columns: contract?.columns ?? 'evolve', types: contract?.types ?? 'evolve' },
    ...(order === undefined ? {} : { order }),
    ...(cursorColumn === undefined ? {} : { cursor: cursorColumn }),
    ...(cursor?.lagSeconds === undefined ? {} : { lagSeconds: cursor.lagSeconds }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(description === undefined ? {} : { description }),
  }
}

/** What a read of everything says of what it does not hold: of a history it ends the versions, else it takes the table's place. */
function wholeRead(options: RestStreamOptions): 'key sweep' | 'full re-sync' {
  return options.disposition === 'history' ? 'key sweep' : 'full re-sync'
}
