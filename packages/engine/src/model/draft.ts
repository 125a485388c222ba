import type { CheckNode, ErrorReport, ModelDeclaration, ModelNode } from '@caudal/spec'
import { describeRule } from './check-settings.ts'
import { readModelFile, type ModelSettings } from './header.ts'
import { modelNameOf } from './model-name.ts'
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

/** A draft, or what is wrong with its place or header. */
export interface DraftResult {
  readonly draft?: ModelDraft
  readonly problems: readonly ErrorReport[]
}

/** The model of a `.sql` file. */
export function draftOfFile({ path, text }: ProjectFile): DraftResult {
  const name = modelNameOf(path)
  if (typeof name !== 'string') return { problems: [name] }
  const { settings, sql, sqlOrigin, problems, lineOf } = readModelFile(path, text)
  if (settings === undefined)
    return { problems, draft: { ...emptyDraft, name, file: path, sql, origin: sqlOrigin } }
  const { checks: declaredChecks, ...rest } = settings
  const checks = declaredChecks.map((check) => ({
    name: check.name === undefined ? `${name}: ${describeRule(check.rule)}` : `${name}: ${check.name}`,
    table: name,
    rule: check.rule,
    severity: check.severity,
    place: `${path}:${lineOf(check.path)}`,
  }))
  return { problems, draft: { name, file: path, sql, origin: sqlOrigin, settings: rest, checks } }
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

const emptyDraft: Pick<ModelDraft, 'settings' | 'checks' | 'isHeaderWrong'> = {
  settings: {
    materialization: 'view' satisfies ModelNode['materialization'],
    tags: [],
    columnDescriptions: {},
  },
  checks: [],
  isHeaderWrong: true,
}
