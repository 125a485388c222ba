import type { ErrorReport } from '@caudal/spec'
import type { SqlProblem } from '@caudal/sql'
import type { ModelDraft } from './draft.ts'
import { problemAt } from './problem.ts'

/** What compilation found so far. */
export interface Findings {
  readonly problems: ErrorReport[]
  readonly warnings: ErrorReport[]
}

const codes: Readonly<Record<SqlProblem['kind'], string>> = {
  syntax: 'CAUDAL_MODEL_SYNTAX',
  statement: 'CAUDAL_MODEL_SYNTAX',
  'unknown column': 'CAUDAL_MODEL_COLUMN',
  differs: 'CAUDAL_MODEL_DIFFERS',
  refused: 'CAUDAL_MODEL_PORTABILITY',
  'too deep': 'CAUDAL_MODEL_DEPTH',
}

/** SQL that is outside the common subset is a warning, unless warehouses would answer differently without a word. */
export function reportSql(problems: readonly SqlProblem[], draft: ModelDraft, findings: Findings): void {
  for (const { kind, place, message, hint } of problems) {
    const list = kind === 'refused' || kind === 'too deep' ? findings.warnings : findings.problems
    list.push(
      problemAt(draft.origin, place, { code: codes[kind], message, ...(hint === undefined ? {} : { hint }) }),
    )
  }
}
