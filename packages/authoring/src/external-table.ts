import { refuseSettings, unknownSettings, type ShapeOf, type TableDeclaration } from '@caudal/spec'
import { checkNode, ruleProblems, type RuleOptions } from './check.ts'
import { columns, type ColumnRecord } from './column.ts'
import { callerPlace } from './place.ts'

/** Options of {@link table}. */
export interface TableOptions<Columns extends ColumnRecord> {
  readonly columns: Columns
  /** The newest value of `column` is at most `maxMinutes` old, or the table is shown as late: a check of severity `warn`. */
  readonly freshness?: { readonly column: keyof Columns & string; readonly maxMinutes: number }
  readonly checks?: readonly RuleOptions<keyof Columns & string>[]
  readonly description?: string
}

const settings: ShapeOf<TableOptions<ColumnRecord>> = {
  columns: true,
  freshness: { column: true, maxMinutes: true },
  checks: true,
  description: true,
}

/**
 * A table that others load (Airbyte, Fivetran, dbt, an application): read, checked and shown in the lineage, never written or dropped.
 * @param name `schema.name`
 */
export function table<const Columns extends ColumnRecord>(
  name: string,
  options: TableOptions<Columns>,
): TableDeclaration {
  refuseSettings(`table('${name}')`, [
    ...unknownSettings(options, settings),
    ...(options.checks ?? []).flatMap((rule, index) => ruleProblems(rule, `checks[${index}].`)),
  ])
  const place = callerPlace(table)
  return {
    kind: 'external table',
    name,
    columns: columns(options.columns),
    ...(options.freshness === undefined ? {} : { freshness: options.freshness }),
    ...(options.description === undefined ? {} : { description: options.description }),
    checks: [
      ...(options.checks ?? []),
      ...(options.freshness === undefined
        ? []
        : [{ freshness: options.freshness, severity: 'warn' } as const]),
    ].map((rule) => checkNode(name, rule, place)),
    place,
  }
}
