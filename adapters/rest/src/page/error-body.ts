import { parseJsonPath, scalarText, valueAt, type HttpResponse, type LosslessJson } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { ErrorBodyRule } from '../options.ts'

/** @throws CaudalError `CAUDAL_HTTP_ERROR_BODY` when the rule of the source says that this body is an error. */
export function refuseErrorBody(body: unknown, response: HttpResponse, connection: Connection): void {
  const rule = connection.errorBody
  if (rule === undefined) return
  const value = valueAt(body as LosslessJson, parseJsonPath(rule.field))
  if (!isErrorValue(value, rule)) return
  const said = valueAt(body as LosslessJson, parseJsonPath(rule.message ?? rule.field))
  const reason = connection.redactor
    .text(scalarText(said) ?? JSON.stringify(said) ?? 'no reason')
    .slice(0, 300)
  throw new CaudalError({
    code: 'CAUDAL_HTTP_ERROR_BODY',
    message: `${response.where} answered status ${response.status} with an error inside: ${reason}.`,
    hint: 'The server reports errors in the body: its reason says what to change.',
    retryable: rule.retryWhen?.includes(reason) ?? false,
    context: { where: response.where, status: response.status, reason },
  })
}

function isErrorValue(value: unknown, rule: ErrorBodyRule): boolean {
  if (rule.equals !== undefined) return value === rule.equals
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0
}
