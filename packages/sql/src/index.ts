export type {
  KnownTable,
  QueryAnalysis,
  QueryOutline,
  ReturnedColumn,
  SqlAnalyzer,
  SqlProblem,
  TableReference,
} from './analyzer.ts'
export { createSqlAnalyzer } from './polyglot.ts'
export { expressionColumns } from './expression.ts'
export { quoteIdentifier, quoteLiteral, quoteTable } from './identifiers.ts'
export {
  portableFunctions,
  renderPortable,
  sqlDialects,
  type PortableFunction,
  type SqlDialect,
} from './portable.ts'
export { portabilityProblems } from './subset.ts'
export { mentionedTables, replaceTables, type TableMention } from './tables.ts'
export { normaliseSql, placeOf, tokenizeSql, type TextPlace, type Token } from './tokens.ts'
