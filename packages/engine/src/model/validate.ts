import {
  suggestion,
  type CheckNode,
  type CheckRule,
  type ErrorReport,
  type ModelNode,
  type ModelTestNode,
} from '@caudal/spec'

/** `schema.name` → columns; none: not known. */
type KnownColumns = ReadonlyMap<string, readonly string[]>

/** Checks on tables or columns that are not there, and names that are taken twice. */
export function checkProblems(
  checks: readonly CheckNode[],
  tables: ReadonlySet<string>,
  columns: KnownColumns,
): readonly ErrorReport[] {
  const taken = new Map<string, string>()
  return checks.flatMap((check) => {
    const code = 'CAUDAL_CHECK_DECLARATION'
    const first = taken.get(check.name)
    taken.set(check.name, first ?? check.place)
    const messages = [
      ...(first === undefined ? [] : [`The check \`${check.name}\` stands at ${first} already.`]),
      ...unknownTable(check.table, tables),
      ...columnsOfRule(check.rule).flatMap((column) => unknownColumn(check.table, column, columns)),
      ...(check.rule.kind === 'relation'
        ? [
            ...unknownTable(check.rule.to, tables),
            ...unknownColumn(check.rule.to, check.rule.toColumn, columns),
          ]
        : []),
    ]
    return messages.map((message) => reportAt(check.place, code, message))
  })
}

/** Tests of models, and rows of tables and columns, that are not there. */
export function testProblems(
  tests: readonly ModelTestNode[],
  models: readonly ModelNode[],
  tables: ReadonlySet<string>,
  columns: KnownColumns,
): readonly ErrorReport[] {
  const code = 'CAUDAL_MODEL_TEST'
  return tests.flatMap((test) => {
    const model = models.find((candidate) => candidate.name === test.model)
    if (model === undefined) {
      const messages = tables.has(test.model)
        ? []
        : unknownTable(test.model, new Set(models.map(({ name }) => name)))
      return messages.map((message) => reportAt(test.place, code, message))
    }
    const rowsOf = { ...test.given, [test.model]: test.expect }
    const messages = [
      ...Object.keys(test.given).flatMap((table) => unknownTable(table, tables)),
      ...Object.entries(rowsOf).flatMap(([table, rows]) =>
        [...new Set(rows.flatMap((row) => Object.keys(row)))].flatMap((column) =>
          unknownColumn(table, column, columns),
        ),
      ),
    ]
    return messages.map((message) => reportAt(test.place, code, `${test.name}: ${message}`))
  })
}

/** The columns that a rule names. */
function columnsOfRule(rule: CheckRule): readonly string[] {
  if (rule.kind === 'unique') return rule.columns
  return 'column' in rule ? [rule.column] : []
}

function unknownTable(name: string, tables: ReadonlySet<string>): readonly string[] {
  return tables.has(name) ? [] : [`Nothing is called \`${name}\`.${suggestion(name, tables)}`]
}

function unknownColumn(table: string, column: string, columns: KnownColumns): readonly string[] {
  const known = columns.get(table) ?? []
  if (known.length === 0 || column.startsWith('_caudal_')) return []
  if (known.some((candidate) => candidate.toLowerCase() === column.toLowerCase())) return []
  return [`\`${table}\` has no column \`${column}\`.${suggestion(column, known)}`]
}

function reportAt(place: string, code: string, message: string): ErrorReport {
  const [, file = place, line = '1'] = /^(.*?):(\d+)/.exec(place) ?? []
  return { code, message: `${place}: ${message}`, retryable: false, context: { file, line: Number(line) } }
}
