import type { CheckNode, ModelDeclaration } from '@caudal/spec'
import type { ModelSettings } from './header.ts'
import { formatPlace, type TextOrigin } from './problem.ts'

/** A file below `models/`. */
export interface ProjectFile {
  /** Relative to the project, with `/`: `models/marts/deals.sql`. */
  readonly path: string
  readonly text: string
}

/** A model before its SQL is understood. */
export interface ModelDraft {
  readonly name: string
  readonly file: string
  readonly sql: string
  readonly origin: TextOrigin
  readonly settings: Omit<ModelSettings, 'checks'>
  /** Whether the settings are only defaults, because the header is wrong. */
  readonly isHeaderWrong?: true
  readonly checks: readonly CheckNode[]
}

/** The model that TypeScript computes. */
export function draftOfDeclaration(declaration: ModelDeclaration): ModelDraft {
  const { kind: _kind, name, sql, checks, place, ...settings } = declaration
  const [, file = place, line = '1'] = /^(.*?):(\d+)(?::\d+)?$/.exec(place) ?? []
  return {
    name,
    file,
    sql: sql.trim(),
    origin: { file, firstLine: Number(line), computedName: name },
    settings,
    checks,
  }
}

/** The place of a draft as text. */
export function placeOfDraft(draft: ModelDraft): string {
  return formatPlace(draft.origin)
}
