import type { Context } from 'hono'
import type { ServerEnv } from '../context.ts'
import { formatCsv, type CsvTable } from './csv.ts'
import type { Language } from './tile-csv.ts'

const byteOrderMark = '\uFEFF'

/** Whether the request wants CSV, and for whom: a file for a person, or a body for a program; `undefined`: JSON. */
export function csvWanted(context: Context<ServerEnv>): 'file' | 'body' | undefined {
  if (context.req.path.endsWith('.csv')) return 'file'
  const accept = context.req.header('accept') ?? ''
  return accept.split(',').some((type) => type.trim().toLowerCase().startsWith('text/csv'))
    ? 'body'
    : undefined
}

/** The language of headers: `language` in the query, else the project's. */
export function languageOf(context: Context<ServerEnv>, locale: string): Language {
  const language = context.req.query('language') ?? locale
  return language.toLowerCase().startsWith('es') ? 'es' : 'en'
}

/**
 * CSV as an answer. A file begins with a byte order mark: without it, Excel reads UTF-8 as the machine's code page.
 * @param name of the file, without extension.
 */
export function csvAnswer(
  context: Context<ServerEnv>,
  table: CsvTable,
  name: string,
  wanted: 'file' | 'body',
): Response {
  const text = formatCsv(table)
  return context.body(wanted === 'file' ? byteOrderMark + text : text, 200, {
    'content-type': 'text/csv; charset=utf-8; header=present',
    ...(wanted === 'file'
      ? { 'content-disposition': `attachment; filename="${name.replace(/[^\w.-]+/g, '_')}.csv"` }
      : {}),
  })
}
