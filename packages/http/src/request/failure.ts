import { CaudalError } from '@caudal/spec'
import { parseQuota, parseRetryAfter } from '../rate/quota.ts'
import type { Redactor } from '../redactor.ts'
import type { HttpResponse } from './message.ts'

/** What to do about a failed attempt: `rate limited` and `transient` ones are tried again. */
export interface Failure {
  readonly kind: 'rate limited' | 'transient' | 'terminal'
  readonly error: CaudalError
  /** What the server asked to wait. */
  readonly waitMs?: number
}

interface StatusRule {
  readonly code: string
  readonly says: string
  readonly hint: string
}

const statusRules: Readonly<Record<number, StatusRule>> = {
  400: {
    code: 'CAUDAL_HTTP_REFUSED',
    says: 'refused the request',
    hint: 'Check the parameters of the stream (`params`, `cursor.param`, `cursor.format`, `paginate`).',
  },
  401: {
    code: 'CAUDAL_HTTP_UNAUTHORIZED',
    says: 'did not accept the credentials',
    hint: 'Check the setting under `auth`: the token may be wrong, expired or revoked.',
  },
  403: {
    code: 'CAUDAL_HTTP_FORBIDDEN',
    says: 'accepted the credentials, which may not read this',
    hint: 'Grant the token the scope for this, or remove the stream.',
  },
  404: {
    code: 'CAUDAL_HTTP_NOT_FOUND',
    says: 'knows no such address',
    hint: 'Check `baseUrl` and `path`.',
  },
  410: {
    code: 'CAUDAL_HTTP_NOT_FOUND',
    says: 'says that this is gone',
    hint: 'Check `path`: the vendor may have retired this version of its API.',
  },
  429: {
    code: 'CAUDAL_HTTP_RATE_LIMITED',
    says: 'kept saying that there were too many requests',
    hint: 'Set a lower `rateLimit`, or run again later.',
  },
}

/** Judges an answer outside 2xx. */
export function failureOfStatus(response: HttpResponse, redactor: Redactor, nowMs: number): Failure {
  const { status, headers, where } = response
  const waitMs = parseRetryAfter(headers, nowMs)
  const quota = parseQuota(headers, nowMs)
  const isLimited = status === 429 || (status === 403 && (waitMs !== undefined || quota?.remaining === 0))
  const isTransient = status === 408 || status >= 500
  const rule = statusRules[isLimited ? 429 : status] ?? otherRule(status, isTransient)
  const shown = excerpt(response.bytes, redactor)
  const error = new CaudalError({
    code: rule.code,
    message: `${where} ${rule.says}: status ${status}${shown === '' ? '' : `, ${shown}`}.`,
    hint: rule.hint,
    retryable: isLimited || isTransient,
    context: { where, status, url: response.shownUrl },
  })
  const asked = waitMs ?? (isLimited && quota?.remaining === 0 ? quota.resetsInMs : undefined)
  return {
    kind: isLimited ? 'rate limited' : isTransient ? 'transient' : 'terminal',
    error,
    ...(asked === undefined ? {} : { waitMs: asked }),
  }
}

function otherRule(status: number, isTransient: boolean): StatusRule {
  if (isTransient) {
    return {
      code: 'CAUDAL_HTTP_UNAVAILABLE',
      says: status === 408 ? 'kept timing out' : 'kept failing',
      hint: "The fault is on the server's side: run again later, or look at its status page.",
    }
  }
  if (status >= 300 && status < 400) {
    return {
      code: 'CAUDAL_HTTP_REDIRECTED',
      says: 'pointed elsewhere in a way that cannot be followed',
      hint: 'Set `baseUrl` to the address that the server means.',
    }
  }
  return {
    code: 'CAUDAL_HTTP_REFUSED',
    says: 'refused the request',
    hint: 'Check `path` and the parameters of the stream.',
  }
}

const tlsCode = /CERT|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|SSL/

/** Judges what was thrown while asking and reading. */
export function failureOfThrown(thrown: unknown, where: string): Failure {
  if (CaudalError.isInstance(thrown)) {
    return { kind: thrown.retryable ? 'transient' : 'terminal', error: thrown }
  }
  const code = codeOf(thrown)
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  const unreachable = (hint: string, retryable: boolean): CaudalError =>
    new CaudalError({
      code: tlsCode.test(code) ? 'CAUDAL_HTTP_TLS' : 'CAUDAL_HTTP_UNREACHABLE',
      message: `${where} got no answer: ${reason}${code === '' || reason.includes(code) ? '' : ` (${code})`}.`,
      hint,
      retryable,
      context: { where, reason: code === '' ? reason : code },
      cause: thrown,
    })
  if (tlsCode.test(code)) {
    const hint = "The server's certificate is not trusted: check the address, or set NODE_EXTRA_CA_CERTS."
    return { kind: 'terminal', error: unreachable(hint, false) }
  }
  if (code === 'ENOTFOUND') {
    const hint = 'No such host is known: check `baseUrl` and the network.'
    return { kind: 'terminal', error: unreachable(hint, true) }
  }
  return { kind: 'transient', error: unreachable('Check `baseUrl`, the network and a firewall.', true) }
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return ''
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0])
  return codeOf(thrown.cause)
}

/** The beginning of a body in one line, fit for a message. */
function excerpt(bytes: Buffer, redactor: Redactor): string {
  const text = bytes.subarray(0, 4096).toString().replace(/\s+/g, ' ').trim()
  if (/^<(!doctype|html)/i.test(text)) {
    const title = /<title[^>]*>([^<]{1,120})/i.exec(text)?.[1]?.trim()
    return title === undefined ? 'an HTML page' : `an HTML page titled "${redactor.text(title)}"`
  }
  const shown = redactor.text(text)
  return shown.length > 300 ? `${shown.slice(0, 300)}…` : shown
}
