import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { CaudalError } from '@caudal/spec'
import type { Context, Hono } from 'hono'
import type { ServerEnv } from './context.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

interface FoundFile {
  readonly path: string
  readonly bytes: number
  readonly changedAt: number
}

/**
 * Serves the built console: files by path, `index.html` for the addresses of its pages. Files with a hash in their name
 * (`assets/index-B7x_9aQe.js`) are cached for ever, others are asked for again with their ETag. A `.br` or `.gz` file beside a file is
 * sent instead where the browser takes it.
 */
export function addConsoleFiles(app: Hono<ServerEnv>, folder: string): void {
  const root = resolve(folder)
  app.get('*', async (context) => {
    const found = await locate(root, context.req.path)
    if (found !== undefined) return send(context, found)
    const index = isPageAddress(context) ? await locate(root, '/index.html') : undefined
    if (index !== undefined) return send(context, index)
    return context.notFound()
  })
}

async function locate(root: string, urlPath: string): Promise<FoundFile | undefined> {
  const path = pathUnder(root, urlPath === '/' ? '/index.html' : urlPath)
  return path === undefined ? undefined : fileAt(path)
}

function pathUnder(root: string, urlPath: string): string | undefined {
  try {
    const path = join(root, decodeURIComponent(urlPath))
    return path.startsWith(root + sep) && !path.includes('\0') ? path : undefined
  } catch {
    return undefined
  }
}

async function fileAt(path: string): Promise<FoundFile | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true
    ? { path, bytes: found.size, changedAt: Math.trunc(found.mtimeMs) }
    : undefined
}

function isPageAddress(context: Context<ServerEnv>): boolean {
  const { path } = context.req
  if (path.startsWith('/api/') || extname(path) !== '') return false
  return /text\/html|\*\/\*/.test(context.req.header('accept') ?? '*/*')
}

async function send(context: Context<ServerEnv>, file: FoundFile): Promise<Response> {
  const accepted = context.req.header('accept-encoding') ?? ''
  let sent = file
  let encoding: string | undefined
  for (const [name, suffix] of encodings) {
    if (
      encoding !== undefined ||
      !new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted)
    )
      continue
    const packed = await fileAt(file.path + suffix)
    if (packed !== undefined) [sent, encoding] = [packed, name]
  }
  const tag = `"${sent.bytes.toString(36)}-${sent.changedAt.toString(36)}${encoding === undefined ? '' : `-${encoding}`}"`
  const headers: Record<string, string> = {
    'cache-control': /[\\/]assets[\\/].*-[\w-]{8}\.\w+$/.test(file.path)
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    etag: tag,
    vary: 'accept-encoding',
  }
  if (isKnown(context.req.header('if-none-match'), tag)) return context.body(null, 304, headers)
  headers['content-type'] = types[extname(file.path)] ?? 'application/octet-stream'
  headers['content-length'] = String(sent.bytes)
  if (encoding !== undefined) headers['content-encoding'] = encoding
  if (context.req.method === 'HEAD') return context.body(null, 200, headers)
  return context.body(Readable.toWeb(createReadStream(sent.path)) as ReadableStream<Uint8Array>, 200, headers)
}

function isKnown(header: string | undefined, tag: string): boolean {
  return header?.split(',').some((known) => known.trim().replace(/^W\//, '') === tag) ?? false
}

/** What is answered where the console would be, when it was not built. */
export function consoleMissing(): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_CONSOLE_UNKNOWN',
    message: 'This server has no console: its files were not built. The API answers under /api/v1.',
    hint: 'Build it with npm run build, then start again.',
  })
}
