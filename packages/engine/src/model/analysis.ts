import { createHash } from 'node:crypto'
import type { KnownTable, QueryAnalysis, QueryOutline, SqlAnalyzer } from '@caudal/sql'

/** Keeps answers of the SQL analyser between runs, so that a project whose SQL did not change never loads the parser. */
export interface AnalysisCache {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

/** The analyser behind a cache keyed by its version and all that its answer depends on. */
export function cachedAnalyzer(analyzer: SqlAnalyzer, cache: AnalysisCache | undefined): SqlAnalyzer {
  if (cache === undefined) return analyzer
  const remember = async <Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const kept = cache.get(key)
    if (kept !== undefined) return JSON.parse(kept) as Answer
    const answer = await ask()
    cache.set(key, JSON.stringify(answer))
    return answer
  }
  return {
    version: analyzer.version,
    outline: (sql) =>
      remember<QueryOutline>(keyOf('outline', analyzer.version, sql), () => analyzer.outline(sql)),
    analyse: (sql: string, tables: readonly KnownTable[]) =>
      remember<QueryAnalysis>(keyOf('analysis', analyzer.version, sql, JSON.stringify(tables)), () =>
        analyzer.analyse(sql, tables),
      ),
  }
}

function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex')
}
