import {
  toErrorReport,
  type JsonValue,
  type ModelNode,
  type ModelTestNode,
  type Warehouse,
} from '@caudal/spec'
import { queryRecords } from '../check/records.ts'
import { testQuery, typedRows, type TypedName, type TypedTable } from './test-query.ts'

/** How a model test ended. */
export interface ModelTestResult {
  readonly test: string
  readonly model: string
  readonly isPassed: boolean
  /** Empty when it passed; else the expected and the actual rows side by side, or why the query failed. */
  readonly message: string
  /** File and line. */
  readonly place: string
}

type Row = Readonly<Record<string, JsonValue>>

/**
 * Runs model tests on an embedded engine: given rows are typed as the tables are, so that they behave as in the warehouse. Nothing is written.
 * @param scratch any open embedded warehouse; its own tables are not read
 */
export async function runModelTests(
  tests: readonly ModelTestNode[],
  models: readonly ModelNode[],
  tables: readonly TypedTable[],
  scratch: Pick<Warehouse, 'query'>,
  signal: AbortSignal,
): Promise<readonly ModelTestResult[]> {
  const results: ModelTestResult[] = []
  for (const test of tests) {
    const base = { test: test.name, model: test.model, place: test.place }
    try {
      const message = await runTest(test, models, tables, scratch, signal)
      results.push({ ...base, isPassed: message === '', message })
    } catch (error) {
      signal.throwIfAborted()
      const message = `${test.place}: ${test.name}: the query failed: ${toErrorReport(error).message}`
      results.push({ ...base, isPassed: false, message })
    }
  }
  return results
}

async function runTest(
  test: ModelTestNode,
  models: readonly ModelNode[],
  tables: readonly TypedTable[],
  scratch: Pick<Warehouse, 'query'>,
  signal: AbortSignal,
): Promise<string> {
  const describe = async (sql: string): Promise<readonly TypedName[]> => {
    const columns = await queryRecords(
      scratch,
      `select column_name, column_type from (describe ${sql})`,
      test.parameters ?? {},
      signal,
    )
    return columns.map((column) => ({
      name: String(column['column_name']),
      type: String(column['column_type']),
    }))
  }
  const sql = await testQuery(test, models, tables, describe)
  const types = await describe(sql)
  const compared = types.filter(({ name }) => test.expect.some((row) => name in row))
  const actual = await queryRecords(scratch, sql, test.parameters ?? {}, signal)
  const expected =
    test.expect.length === 0 ? [] : await queryRecords(scratch, typedRows(compared, test.expect), {}, signal)
  return compareRows(test, compared, expected, actual)
}

/** Pairs each expected row with an actual one that has its values; the most precise first. Empty when all are paired. */
function compareRows(
  test: ModelTestNode,
  columns: readonly TypedName[],
  expected: readonly Row[],
  actual: readonly Row[],
): string {
  const left = new Set(actual)
  const missing: Row[] = []
  const wanted = test.expect
    .map((given, index) => ({ names: Object.keys(given), row: expected[index] ?? {} }))
    .toSorted((a, b) => b.names.length - a.names.length)
  for (const { names, row } of wanted) {
    const match = [...left].find((candidate) => names.every((name) => isSame(candidate[name], row[name])))
    if (match === undefined) missing.push(Object.fromEntries(names.map((name) => [name, row[name] ?? null])))
    else left.delete(match)
  }
  if (missing.length === 0 && left.size === 0) return ''
  const names = columns.length > 0 ? columns.map((column) => column.name) : Object.keys(actual[0] ?? {})
  const lines = [
    `${test.place}: ${test.name}: ${count(missing.length, 'expected row')} missing, ${count(left.size, 'row')} too many`,
    ...table(names, missing, [...left]),
  ]
  return lines.join('\n')
}

/** Rows in columns of equal width: `-` expected, `+` actual; nearest rows under each other. */
function table(names: readonly string[], missing: readonly Row[], extra: readonly Row[]): readonly string[] {
  const remaining = [...extra]
  const lines: (readonly string[])[] = [['', ...names]]
  for (const row of missing) {
    lines.push(['- expected', ...names.map((name) => (name in row ? cell(row[name]) : ''))])
    const nearest = nearestIndex(row, remaining)
    const [other] = nearest === -1 ? [] : remaining.splice(nearest, 1)
    if (other !== undefined) lines.push(['+ actual', ...names.map((name) => cell(other[name]))])
  }
  for (const row of remaining) lines.push(['+ actual', ...names.map((name) => cell(row[name]))])
  const widths = names.map((_, index) => Math.max(...lines.map((line) => (line[index + 1] ?? '').length)))
  return lines.map(([mark = '', ...cells]) =>
    `  ${[mark.padEnd(10), ...cells.map((text, index) => text.padEnd(widths[index] ?? 0))].join('  ')}`.trimEnd(),
  )
}

/** The row that shares most values; -1 when none shares any. */
function nearestIndex(row: Row, others: readonly Row[]): number {
  const shared = others.map(
    (other) => Object.keys(row).filter((name) => isSame(row[name], other[name])).length,
  )
  const most = Math.max(0, ...shared)
  return most === 0 && others.length !== 1 ? -1 : shared.indexOf(most)
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function cell(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function count(rows: number, what: string): string {
  return `${rows} ${what}${rows === 1 ? '' : 's'}`
}
