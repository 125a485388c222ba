import {
  CaudalError,
  toErrorReport,
  type CheckNode,
  type CheckResult,
  type CheckRule,
  type Warehouse,
} from '@caudal/spec'
import { quoteTable } from '@caudal/sql'
import { compileCheck, type CheckTarget } from './compile-check.ts'
import { queryRecords } from './records.ts'

/** Failing rows that are kept with a result. */
const examplesMax = 20

/** What checks are run on. */
export interface CheckRun extends Omit<CheckTarget, 'dialect'> {
  readonly warehouse: Pick<Warehouse, 'query' | 'capabilities'>
  readonly signal: AbortSignal
}

/** Runs checks one after the other. A check that cannot run has failed, and says why; only an abort is thrown. */
export async function runChecks(
  checks: readonly CheckNode[],
  run: CheckRun,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks) results.push(await runCheck(check, run))
  return results
}

/** Whether a result stops publication and makes the run red. */
export function isBlocking(result: CheckResult): boolean {
  return !result.isPassed && result.severity === 'error'
}

/** The error of checks that failed at level `error`; `undefined` when none did. `state` says what the data is in now. */
export function checkError(
  table: string,
  results: readonly CheckResult[],
  state: string,
): CaudalError | undefined {
  const failed = results.filter(isBlocking)
  if (failed.length === 0) return undefined
  const count = failed.length === 1 ? '1 check' : `${failed.length} checks`
  return new CaudalError({
    code: 'CAUDAL_CHECKS_FAILED',
    message: `${table}: ${count} failed. ${failed.map((result) => result.message).join(' ')} ${state}`,
    hint: 'Failing rows are kept with the run. Correct them at the source or in the model; a check that should only warn says `severity: warn`.',
    context: { table, checks: failed.map((result) => result.check) },
  })
}

async function runCheck(check: CheckNode, run: CheckRun): Promise<CheckResult> {
  const { warehouse, signal, ...target } = run
  const base = { check: check.name, table: check.table, severity: check.severity }
  try {
    const failing = compileCheck(check, { ...target, dialect: warehouse.capabilities.dialect })
    const [counted] = await queryRecords(
      warehouse,
      `select count(*) as failing from (${failing}) as failing`,
      {},
      signal,
    )
    const failingRows = Number(counted?.['failing'] ?? 0)
    const examples =
      failingRows === 0
        ? []
        : await queryRecords(
            warehouse,
            `select * from (${failing}) as failing limit ${examplesMax}`,
            {},
            signal,
          )
    const isCompared = check.rule.kind !== 'row count change' || run.previousRows !== undefined
    const held = isCompared
      ? `${check.name} holds.`
      : `${check.name}: there is no earlier version to compare with.`
    const message = failingRows === 0 ? held : failureOf(check, failingRows, examples[0])
    return { ...base, isPassed: failingRows === 0, failingRows, examples, message }
  } catch (error) {
    signal.throwIfAborted()
    const [reason = ''] = toErrorReport(error).message.split('\n')
    const message = `${check.name} could not run (${check.place}): ${reason.replace(/\.?$/, '.')}`
    return { ...base, isPassed: false, failingRows: 0, examples: [], message }
  }
}

/** What is wrong, in one sentence. */
function failureOf(
  check: CheckNode,
  count: number,
  example: CheckResult['examples'][number] | undefined,
): string {
  const rows = count === 1 ? '1 row' : `${grouped(count)} rows`
  const of = `${rows} of ${check.table}`
  return `${sentence(check.rule, of, count, example)}${check.name.startsWith(`${check.table}: `) ? '' : ` (${check.name})`}.`
}

function sentence(
  rule: CheckRule,
  rows: string,
  count: number,
  example: CheckResult['examples'][number] | undefined,
): string {
  const have = count === 1 ? 'has' : 'have'
  switch (rule.kind) {
    case 'not null':
      return `${rows} ${have} no value in ${rule.column}`
    case 'unique':
      return `${count === 1 ? '1 value' : `${grouped(count)} values`} of ${rule.columns.join(', ')} ${count === 1 ? 'stands' : 'stand'} more than once`
    case 'accepted values':
      return `${rows} ${have} another value in ${rule.column} than ${rule.values.map(String).join(', ')}`
    case 'relation':
      return `${rows} ${have} a value in ${rule.column} that ${rule.to}.${rule.toColumn} does not have`
    case 'range':
      return `${rows} ${have} a value in ${rule.column} outside ${String(rule.min ?? '-∞')} to ${String(rule.max ?? '∞')}`
    case 'expression':
      return `${rows} ${count === 1 ? 'does' : 'do'} not satisfy ${rule.sql.trim()}`
    case 'row count change':
      return `The number of rows is ${grouped(Number(example?.['row_count']))} and was ${grouped(Number(example?.['previous_row_count']))}: more than ${rule.shareMax * 100} % of change`
    case 'freshness': {
      const newest = example?.['newest']
      return typeof newest === 'string'
        ? `The newest ${rule.column} is ${newest}: more than ${rule.maxMinutes} minutes ago`
        : `There is no ${rule.column}, so nothing is fresh`
    }
    case 'sql':
      return `${count === 1 ? '1 row was' : `${grouped(count)} rows were`} found that should not exist`
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** Rows that readers see now; `undefined` when nothing is published under the name. */
export async function publishedRows(
  table: string,
  warehouse: Pick<Warehouse, 'query'>,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const [counted] = await queryRecords(
      warehouse,
      `select count(*) as row_count from ${quoteTable(table)}`,
      {},
      signal,
    )
    return Number(counted?.['row_count'] ?? 0)
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
