import type { JsonObject } from './json.ts'

const marker = Symbol.for('caudal.error')

/** The facts of a {@link CaudalError}. */
export interface CaudalErrorFacts {
  /** `CAUDAL_<AREA>_<WHAT>`, stable across releases. */
  readonly code: string
  /** What failed, where, the value, the allowed values, and the state the data is in now. */
  readonly message: string
  /** The mend: a command or a setting. */
  readonly hint?: string
  /** Whether the same call may succeed later without a change. Default: `false`. */
  readonly retryable?: boolean
  /** Source, stream, file, line, table, load …: whatever applies. Never a secret. */
  readonly context?: JsonObject
  readonly cause?: unknown
}

/** The plain-data form of a {@link CaudalError}: what logs, the API and `--json` show. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly retryable: boolean
  readonly context: JsonObject
}

/**
 * The one base class of errors that Caudal throws on purpose. Anything else that reaches a user is a bug in Caudal.
 * Recognised across duplicate installs and process boundaries by {@link CaudalError.isInstance}.
 */
export class CaudalError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly retryable: boolean
  readonly context: JsonObject

  constructor(facts: CaudalErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'CaudalError'
    this.code = facts.code
    this.hint = facts.hint
    this.retryable = facts.retryable ?? false
    this.context = facts.context ?? {}
    Object.defineProperty(this, marker, { value: true })
  }

  /** Whether `value` is a CaudalError of any copy of this package. */
  static isInstance(value: unknown): value is CaudalError {
    return typeof value === 'object' && value !== null && marker in value
  }

  /** Rebuilds an error from its {@link ErrorReport}, for instance on the other side of a process boundary. */
  static fromReport(report: ErrorReport): CaudalError {
    return new CaudalError(report)
  }

  /** The error as plain data, without stack and cause. */
  toJSON(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      retryable: this.retryable,
      context: this.context,
    }
  }
}

/**
 * Turns anything thrown into an {@link ErrorReport}. What is not a {@link CaudalError} becomes `CAUDAL_INTERNAL`,
 * which says that it is a bug in Caudal or in the project's own code.
 */
export function toErrorReport(thrown: unknown): ErrorReport {
  if (CaudalError.isInstance(thrown)) return thrown.toJSON()
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  return {
    code: 'CAUDAL_INTERNAL',
    message: error.message,
    hint: 'This is a bug in Caudal or in the code of the project: `context.stack` says where (--json).',
    retryable: false,
    context: { stack: (error.stack ?? '').split('\n').slice(1, 6).join('\n') },
  }
}

/** Throws when an invariant of Caudal itself does not hold: a programmer's error, never caught, never a user's. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${what}`)
}
