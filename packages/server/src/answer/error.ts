import { randomUUID } from 'node:crypto'
import { CaudalError, type ErrorReport } from '@caudal/spec'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { publicReport } from './public.ts'

/** An error with the status of its answer. */
export interface ErrorAnswer {
  readonly status: ContentfulStatusCode
  readonly report: ErrorReport
  /** In the report and in the log, when the report says less than the log. */
  readonly reference?: string
}

const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  CAUDAL_REQUEST_HOST: 403,
  CAUDAL_REQUEST_ORIGIN: 403,
  CAUDAL_REQUEST_LOCAL_ONLY: 403,
  CAUDAL_REQUEST_TOO_LARGE: 413,
  CAUDAL_REQUEST_CONTENT_TYPE: 415,
  CAUDAL_ATTACH_PROTOCOL: 426,
  CAUDAL_ATTACH_TARGET: 409,
  CAUDAL_ATTACH_PROJECT: 409,
}

/**
 * The answer to anything thrown. What is not a {@link CaudalError} is a bug: its message and stack go to the log under a reference,
 * the reader gets the reference alone.
 */
export function toErrorAnswer(thrown: unknown): ErrorAnswer {
  if (CaudalError.isInstance(thrown) && thrown.code !== 'CAUDAL_INTERNAL') {
    return { status: statusOf(thrown), report: publicReport(thrown.toJSON()) }
  }
  const reference = randomUUID().slice(0, 8)
  const report: ErrorReport = {
    code: 'CAUDAL_INTERNAL',
    message: `Something failed inside Caudal. The log has the details under the reference ${reference}.`,
    hint: 'This is a bug in Caudal or in the code of the project: look up the reference in the log of the owner process.',
    retryable: false,
    context: { reference },
  }
  return { status: 500, report, reference }
}

/** 404 for `…_UNKNOWN`, 400 for `…_INVALID`, 503 for what may succeed later, 422 for other errors that are not the server's own. */
function statusOf(error: CaudalError): ContentfulStatusCode {
  const known = statuses[error.code]
  if (known !== undefined) return known
  if (error.code.endsWith('_UNKNOWN')) return 404
  if (error.code.endsWith('_INVALID')) return 400
  return error.retryable ? 503 : 422
}
