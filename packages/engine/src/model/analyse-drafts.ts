import { formatColumnType, suggestion, type Column, type ErrorReport, type ModelNode } from '@caudal/spec'
import type { KnownTable, QueryAnalysis, ReturnedColumn, SqlAnalyzer } from '@caudal/sql'
import { remember, type AnalysisCache } from './analysis.ts'
import type { ModelDraft } from './draft.ts'
import { reportSql, type Findings } from './findings.ts'
import { fingerprintModel } from './fingerprint.ts'
import type { OutlinedDraft } from './outline-drafts.ts'
import { problemAt } from './problem.ts'

/** A table with the columns that are known of it; none: not known. */
export interface TableColumns {
  readonly name: string
  readonly columns: readonly Column[]
}

/**
 * Finds the columns of models, each after what it reads.
 * @returns the models as nodes, and the column names of every table and model
 */
export async function analyseDrafts(
  analyzer: SqlAnalyzer,
  drafts: readonly OutlinedDraft[],
  { tables, cache }: { readonly tables: readonly TableColumns[]; readonly cache?: AnalysisCache },
  findings: Findings,
): Promise<{
  readonly models: readonly ModelNode[]
  readonly columns: ReadonlyMap<string, readonly string[]>
}> {
  const known = new Map(tables.map((table) => [table.name, toKnownTable(table)]))
  const models: ModelNode[] = []
  for (const draft of drafts) {
    const analysis = await analyzer.analyse(
      draft.sql,
      draft.references.map((name) => known.get(name) ?? { name, columns: [] }),
    )
    reportSql(analysis.problems, draft, findings)
    findings.problems.push(...settingsProblems(draft, analysis.columns))
    const columns = analysis.columns?.map((column) => withChecks(column, draft))
    known.set(draft.name, { name: draft.name, columns: columns ?? [] })
    const { checks: _checks, origin: _origin, isHeaderWrong: _isHeaderWrong, settings, ...rest } = draft
    models.push({
      ...settings,
      ...rest,
      ...(columns === undefined ? {} : { columns: columns.map(({ type: _type, ...column }) => column) }),
      ...(analysis.uses.length === 0 ? {} : { uses: analysis.uses }),
      fingerprint: await remember(cache, ['fingerprint', draft.sql, JSON.stringify(settings)], () =>
        fingerprintModel({ ...settings, sql: draft.sql }),
      ),
    })
  }
  const columns = [...known].map(
    ([name, table]) => [name, table.columns.map((column) => column.name)] as const,
  )
  return { models, columns: new Map(columns) }
}

/** A column that an error-level check keeps from being null is not nullable. */
function withChecks(column: ReturnedColumn, draft: ModelDraft): ReturnedColumn {
  const isChecked = draft.checks.some(
    ({ rule, severity }) => rule.kind === 'not null' && rule.column === column.name && severity === 'error',
  )
  return isChecked ? { ...column, nullable: false } : column
}

/** Columns that the settings name and the query does not return. */
function settingsProblems(draft: ModelDraft, columns: QueryAnalysis['columns']): readonly ErrorReport[] {
  if (columns === undefined) return []
  const names = columns.map((column) => column.name)
  const { incremental, columnDescriptions } = draft.settings
  const named = [
    ...Object.keys(columnDescriptions).map((column) => ({ setting: 'columns', column })),
    ...(incremental === undefined ? [] : [{ setting: 'incremental.time', column: incremental.time }]),
    ...(incremental?.key ?? []).map((column) => ({ setting: 'incremental.key', column })),
  ]
  return named
    .filter(({ column }) => !names.some((name) => name.toLowerCase() === column.toLowerCase()))
    .map(({ setting, column }) =>
      problemAt(
        { ...draft.origin, firstLine: draft.origin.computedName === undefined ? 1 : draft.origin.firstLine },
        undefined,
        {
          code: 'CAUDAL_MODEL_HEADER',
          message: `\`${setting}\` names \`${column}\`, which the query does not return.${suggestion(column, names)}`,
        },
      ),
    )
}

function toKnownTable(table: TableColumns): KnownTable {
  const spelling: Readonly<Record<string, string>> = { integer: 'bigint', text: 'varchar', bytes: 'blob' }
  return {
    name: table.name,
    columns: table.columns.map((column) => ({
      name: column.name,
      type: spelling[column.type.kind] ?? formatColumnType(column.type),
      nullable: column.nullable ?? true,
    })),
  }
}
