import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, Refusal } from './answer.ts'
import type { Fault } from './faults.ts'

/** The answer in whose place a fault is shown, if the fault replaces it. */
export function faultyAnswer(fault: Fault | undefined): Answer | undefined {
  if (fault === undefined) return undefined
  const { kind, status = 503, retryAfterSeconds } = fault
  const retry = (seconds: number | undefined): Record<string, string> =>
    seconds === undefined ? {} : { 'retry-after': String(seconds) }
  if (kind === 'too-many-requests')
    return new Refusal(429, 'too many requests', retry(retryAfterSeconds ?? 1)).answer()
  if (kind === 'server-error')
    return new Refusal(status, 'try again later', retry(retryAfterSeconds)).answer()
  if (kind === 'unauthorized') return new Refusal(401, 'the token has expired').answer()
  if (kind === 'html') return { status: 200, body: '<!doctype html><title>Riada</title><h1>Back soon</h1>\n' }
  if (kind === 'error-body') return { status: 200, body: { status: 'error', message: 'internal failure' } }
  return undefined
}

/** Writes an answer to the wire, slowly or not to its end if the fault says so. */
export async function send(
  response: ServerResponse,
  answer: Answer,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'slow') await delay(fault.delayMs ?? 1000)
  const isText = typeof answer.body === 'string'
  const body = Buffer.from(isText ? answer.body : JSON.stringify(answer.body))
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': body.length,
    ...answer.headers,
  })
  if (fault?.kind !== 'cut') {
    response.end(body)
    return
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy())
}
