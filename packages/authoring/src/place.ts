import { fileURLToPath } from 'node:url'

/**
 * Where the caller of `below` stands, as absolute path and line: `/home/ana/acme/metrics/sales.ts:12`.
 * Node's type stripping keeps lines, so the line is that of the TypeScript source.
 */
export function callerPlace(below: (...parameters: never[]) => unknown): string {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, below)
  const frame = /^\s+at .*?\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/m.exec(holder.stack ?? '')
  if (frame === null) return 'unknown place'
  const [, file = '', line = ''] = frame
  return `${file.startsWith('file://') ? fileURLToPath(file.replace(/\?.*$/, '')) : file}:${line}`
}
