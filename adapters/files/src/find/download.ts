import { defaultRetryPolicy, jitteredWaitMs, parseRetryAfter } from '@caudal/http'
import { CaudalError } from '@caudal/spec'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is to be fetched. */
export interface DownloadRequest {
  readonly url: string
  /** What messages call it. */
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  /** Folder for the bytes. */
  readonly folder: string
  /** What the server said of the bytes that are known. */
  readonly known?: Validators
  readonly signal: AbortSignal
}

/** What a server says of a version of a file. */
interface Validators {
  readonly etag?: string
  readonly lastModified?: string
}

/** A file that was fetched. */
export interface Download {
  readonly validators: Validators
  readonly path: string
  readonly bytes: number
  /** Without its parameters; empty when the server does not say. */
  readonly contentType: string
}

const redirectsMax = 5
/** Time without any byte after which an attempt is given up. */
const idleMs = 60_000

/**
 * Fetches a file to the disk; what may pass (network, 408, 429, 5xx, a body that was cut) is tried again.
 * @returns `undefined` when the server says that the known bytes are still right.
 * @throws CaudalError `CAUDAL_FILE_HTTP`
 */
export async function download(request: DownloadRequest): Promise<Download | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(request)
    } catch (error) {
      request.signal.throwIfAborted()
      const failure = asFailure(error, request.name)
      if (!failure.retryable || attempt === defaultRetryPolicy.attemptsMax) throw failure
      const asked = failure.context['retryAfterMs']
      const waitMs =
        typeof asked === 'number'
          ? Math.min(asked, idleMs)
          : jitteredWaitMs(defaultRetryPolicy, attempt, Math.random)
      await sleep(waitMs, undefined, { signal: request.signal })
    }
  }
}

async function fetchOnce(request: DownloadRequest): Promise<Download | undefined> {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(new Error(`no byte for ${idleMs / 1000} s`)), idleMs)
  try {
    const response = await follow(request, AbortSignal.any([request.signal, idle.signal]))
    if (response.status === 304) return undefined
    if (!response.ok) throw refusal(response, request.name)
    const file = path.join(request.folder, baseName(request.url))
    await mkdir(request.folder, { recursive: true })
    let bytes = 0
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body)
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      timer.refresh()
    })
    await pipeline(body, createWriteStream(file))
    checkLength(response, bytes, request.name)
    const etag = response.headers.get('etag')
    const lastModified = response.headers.get('last-modified')
    return {
      path: file,
      bytes,
      contentType: (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim() ?? '',
      validators: {
        ...(etag === null ? {} : { etag }),
        ...(lastModified === null ? {} : { lastModified }),
      },
    }
  } finally {
    clearTimeout(timer)
  }
}

/** Follows redirects; headers that the project gave go to the origin that it named alone. */
async function follow(request: DownloadRequest, signal: AbortSignal): Promise<Response> {
  const { known, headers, name } = request
  const { origin } = new URL(request.url)
  let url = request.url
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: {
        'user-agent': 'caudal',
        ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
        ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
        ...(new URL(url).origin === origin ? headers : {}),
      },
    })
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response
    await response.body?.cancel()
    if (redirects === redirectsMax) throw refusal(response, name)
    url = new URL(location, url).href
  }
}

function baseName(url: string): string {
  const name = decodeURIComponent(path.posix.basename(new URL(url).pathname)).replaceAll(/[^\w.-]/g, '_')
  return name === '' ? 'download' : name.slice(-100)
}

function checkLength(response: Response, bytes: number, name: string): void {
  const announced = response.headers.get('content-length')
  if (announced === null || response.headers.has('content-encoding') || Number(announced) === bytes) return
  throw failed(name, `the answer was cut after ${bytes} of ${announced} bytes`, true)
}

function refusal(response: Response, name: string): CaudalError {
  const { status } = response
  const isRetryable = status === 408 || status === 429 || status >= 500
  const retryAfterMs = parseRetryAfter(Object.fromEntries(response.headers), Date.now())
  return failed(name, `the server answered ${status}`, isRetryable, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function asFailure(error: unknown, name: string): CaudalError {
  if (CaudalError.isInstance(error)) return error
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? cause.message : String(cause)
  const isDisk =
    cause instanceof Error && 'code' in cause && ['ENOSPC', 'EACCES', 'EROFS'].includes(String(cause.code))
  return failed(name, reason, !isDisk)
}

function failed(
  name: string,
  reason: string,
  retryable: boolean,
  more: Readonly<Record<string, number>> = {},
): CaudalError {
  const status = more['status']
  return new CaudalError({
    code: 'CAUDAL_FILE_HTTP',
    message: `${name} could not be fetched: ${reason}. Nothing of it was loaded; what was loaded before is unchanged.`,
    hint:
      status === 401 || status === 403
        ? "Give the credentials as a header of the source: headers: { authorization: env('EXPORT_AUTHORIZATION') }."
        : 'Check the address and whether the server is there, then run again.',
    retryable,
    context: { file: name, reason, ...more },
  })
}
