import type { ErrorReport, JsonObject } from '@caudal/spec'
import type { TextPlace } from '@caudal/sql'

/** Where a text of the project stands: problems name it. */
export interface TextOrigin {
  /** Path relative to the project. */
  readonly file: string
  /** Line of the file on which the text begins, 1-based. */
  readonly firstLine: number
  /** Set for SQL that TypeScript computes: lines are told within the SQL, not within the file. */
  readonly computedName?: string
}

/** What is wrong, as a plain report with file, line and column. */
export function problemAt(
  origin: TextOrigin,
  place: TextPlace | undefined,
  facts: {
    readonly code: string
    readonly message: string
    readonly hint?: string
    readonly context?: JsonObject
  },
): ErrorReport {
  const { where, context } = describePlace(origin, place)
  return {
    code: facts.code,
    message: `${where}: ${facts.message}`,
    ...(facts.hint === undefined ? {} : { hint: facts.hint }),
    retryable: false,
    context: { ...context, ...facts.context },
  }
}

/** Reports by file and line. */
export function inFileOrder(reports: readonly ErrorReport[]): readonly ErrorReport[] {
  const file = (report: ErrorReport): string => String(report.context['file'] ?? '')
  const line = (report: ErrorReport): number => Number(report.context['line'] ?? 0)
  return reports.toSorted((a, b) => file(a).localeCompare(file(b)) || line(a) - line(b))
}

/** The place as nodes of the manifest carry it: `models/marts/deals.sql:12`. */
export function formatPlace(origin: TextOrigin, place: TextPlace = { line: 1, column: 1 }): string {
  if (origin.computedName !== undefined) return `${origin.file}:${origin.firstLine}`
  return `${origin.file}:${origin.firstLine + place.line - 1}`
}

function describePlace(
  origin: TextOrigin,
  place: TextPlace | undefined,
): { readonly where: string; readonly context: JsonObject } {
  if (origin.computedName !== undefined) {
    const inside = place === undefined ? '' : `, line ${place.line} of its SQL`
    return {
      where: `${origin.file}:${origin.firstLine} (${origin.computedName}${inside})`,
      context: { file: origin.file, line: origin.firstLine },
    }
  }
  if (place === undefined)
    return { where: origin.file, context: { file: origin.file, line: origin.firstLine } }
  const line = origin.firstLine + place.line - 1
  return {
    where: `${origin.file}:${line}:${place.column}`,
    context: { file: origin.file, line, column: place.column },
  }
}
