import type { QueryAnalysis as ParserFacts } from '@polyglot-sql/sdk'
import type { KnownTable, ReturnedColumn, TableReference } from './analyzer.ts'
import { mentionedTables } from './tables.ts'
import { identifierName, isIdentifier, placeOf, tokenizeSql } from './tokens.ts'

/** What the parser says of a query. */
export type QueryFacts = ParserFacts

type ColumnFact = QueryFacts['projections'][number]['upstream'][number]

/** The tables that a query reads, each once with its place. */
export function referencesOf(facts: QueryFacts, sql: string): readonly TableReference[] {
  const mentions = mentionedTables(sql)
  const references = new Map<string, TableReference>()
  for (const table of facts.baseTables) {
    const name = (table.table ?? table.name).toLowerCase()
    const schema = table.schema?.toLowerCase()
    const full = schema === undefined ? name : `${schema}.${name}`
    const offset =
      mentions.find((mention) => mention.table.toLowerCase() === full)?.offset ??
      tokenizeSql(sql).find((token) => isIdentifier(token) && identifierName(token).toLowerCase() === name)
        ?.start
    const place = offset === undefined ? {} : { place: placeOf(sql, offset) }
    references.set(full, { ...(schema === undefined ? {} : { schema }), name, ...place })
  }
  return [...references.values()]
}

/** The qualified tables of a query, found in its text. */
export function mentionedReferences(sql: string): readonly TableReference[] {
  const references = new Map<string, TableReference>()
  for (const mention of mentionedTables(sql)) {
    const table = mention.table.toLowerCase()
    const [schema = '', name = ''] = table.split('.')
    if (!references.has(table)) references.set(table, { schema, name, place: placeOf(sql, mention.offset) })
  }
  return [...references.values()]
}

/** The columns that a query returns; `undefined` where a star could not be told. */
export function returnedColumns(
  facts: QueryFacts,
  known: ReadonlyMap<string, KnownTable>,
): readonly ReturnedColumn[] | undefined {
  if (facts.projections.length === 0 || facts.projections.some((projection) => projection.isStar))
    return undefined
  return facts.projections.map((projection) => ({
    name: projection.name ?? '',
    reads: knownColumns(projection.upstream, known),
    ...(projection.nullability === 'unknown' ? {} : { nullable: projection.nullability === 'nullable' }),
    ...(projection.typeHint === undefined || projection.typeHint === null
      ? {}
      : { type: projection.typeHint.replace(/\bINT128\b/, 'HUGEINT') }),
  }))
}

/** Columns of known tables among those that the parser found: `schema.table.column`. */
export function knownColumns(
  facts: readonly ColumnFact[],
  known: ReadonlyMap<string, KnownTable>,
): readonly string[] {
  const names = facts.flatMap((fact) => {
    const table = known.get(fact.table?.toLowerCase() ?? '')
    if (table === undefined || fact.column === '*') return []
    if (table.columns.length === 0) return [`${table.name}.${fact.column.toLowerCase()}`]
    const column = table.columns.find(
      (candidate) => candidate.name.toLowerCase() === fact.column.toLowerCase(),
    )
    return column === undefined ? [] : [`${table.name}.${column.name}`]
  })
  return [...new Set(names)].toSorted()
}
