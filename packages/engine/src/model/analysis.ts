import { createHash } from 'node:crypto'
import type { KnownTable, QueryAnalysis, QueryOutline, SqlAnalyzer } from '@caudal/sql'

/** Keeps what was found out about files and SQL between runs, so that a project that did not change loads no parser of either. */
export interface AnalysisCache {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

/** The analyser behind a cache keyed by its version and all that its answer depends on. */
export function cachedAnalyzer(analyzer: SqlAnalyzer, cache: AnalysisCache | undefined): SqlAnalyzer {
  if (cache === undefined) return analyzer
  return {
    version: analyzer.version,
    outline: (sql) =>
      remember<QueryOutline>(cache, ['outline', analyzer.version, sql], () => analyzer.outline(sql)),
    analyse: (sql: string, tables: readonly KnownTable[]) =>
      remember<QueryAnalysis>(cache, ['analysis', analyzer.version, sql, JSON.stringify(tables)], () =>
        analyzer.analyse(sql, tables),
      ),
  }
}

/**
 * An answer from the cache, or a new one that is kept there.
 * @param key all that the answer depends on, the version of what gives it included
 */
export async function remember<Answer>(
  cache: AnalysisCache | undefined,
  key: readonly string[],
  ask: () => Answer | Promise<Answer>,
): Promise<Answer> {
  if (cache === undefined) return ask()
  const hash = createHash('sha256').update(key.join('\0')).digest('hex')
  const kept = cache.get(hash)
  if (kept !== undefined) return JSON.parse(kept) as Answer
  const answer = await ask()
  cache.set(hash, JSON.stringify(answer))
  return answer
}
