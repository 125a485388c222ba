import type { ErrorReport, Manifest } from '@caudal/spec'
import { whatBreaks } from '../lineage/what-breaks.ts'

/** The dashboard tiles that show something made of these nodes (`crm.deals.amount`, `rows marts.won`), in words; empty when none does. */
export function tilesHit(manifest: Manifest, nodes: readonly string[]): string {
  const { tiles } = whatBreaks(manifest, nodes)
  if (tiles.length === 0) return ''
  const words = tiles.map(({ label, place }) => `${label}${place === undefined ? '' : ` (${place})`}`)
  const all = [...new Set(words)]
  const shown = all.slice(0, 5)
  const more = all.length > shown.length ? ` and ${all.length - shown.length} more` : ''
  return ` It breaks ${shown.join(', ')}${more}.`
}

/** The problems of models with the tiles that no longer can be shown because of them. */
export function withTilesHit(manifest: Manifest, problems: readonly ErrorReport[]): readonly ErrorReport[] {
  return problems.map((problem) => {
    const model = manifest.models.find(({ file }) => file === problem.context['file'])
    if (model === undefined) return problem
    return { ...problem, message: `${problem.message}${tilesHit(manifest, [`rows ${model.name}`])}` }
  })
}
