import type { ErrorReport, Manifest, Warehouse } from '@caudal/spec'
import { layOutEmptyTables, type TableColumns } from './empty-tables.ts'
import { metricProblems } from './metric-problems.ts'
import { renderTypes, typesDifference } from './render-types.ts'
import { tileProblems } from './tile-problems.ts'
import { withTilesHit } from './tiles-hit.ts'

/** What a project is proved with. */
export interface VerifyOptions {
  readonly manifest: Manifest
  /** An empty embedded warehouse. */
  readonly scratch: Pick<Warehouse, 'publish' | 'introspect' | 'query' | 'capabilities'>
  /** The text of the project's `caudal-types.ts`; absent when there is none. */
  readonly types?: string
  readonly signal: AbortSignal
}

/** What was proved, and everything that is wrong. */
export interface Verification {
  readonly problems: readonly ErrorReport[]
  readonly tables: readonly TableColumns[]
  readonly tiles: number
}

/**
 * Proves a project without its data, its network and its secrets: code, models, metrics and tiles against the recorded schemas, and
 * `caudal-types.ts` against both. Every problem names the dashboard tiles that it breaks.
 */
export async function verifyProject(options: VerifyOptions): Promise<Verification> {
  const { manifest, scratch, types, signal } = options
  const { tables, problems: refused } = await layOutEmptyTables(manifest, scratch)
  const known = [
    ...withTilesHit(manifest, manifest.problems),
    ...(manifest.problems.length === 0 ? withTilesHit(manifest, refused) : []),
    ...metricProblems(manifest, tables),
  ]
  const tiles = known.length === 0 ? await tileProblems(manifest, scratch, signal) : []
  const stale = [...(manifest.stale ?? []), ...typesProblems(types, renderTypes(tables))]
  return {
    problems: [...known, ...tiles, ...(known.length === 0 ? stale : (manifest.stale ?? []))],
    tables,
    tiles: manifest.dashboards.flatMap((dashboard) => dashboard.rows.flat()).length,
  }
}

function typesProblems(found: string | undefined, expected: string): readonly ErrorReport[] {
  const problem = (message: string): ErrorReport => ({
    code: 'CAUDAL_TYPES_STALE',
    message,
    hint: 'Write it again and commit it: caudal typegen.',
    retryable: false,
    context: { file: 'caudal-types.ts' },
  })
  if (found === undefined) return [problem('caudal-types.ts is not there: metrics and tiles are not typed.')]
  const difference = typesDifference(found, expected)
  if (difference === undefined) return []
  const quoted = (text: string | undefined): string => (text === undefined ? 'nothing' : `\`${text}\``)
  const { line, has, gives } = difference
  return [problem(`caudal-types.ts:${line} has ${quoted(has)} where the project gives ${quoted(gives)}.`)]
}
