import { describeRule, type ErrorReport, type ModelNode } from '@caudal/spec'
import type { ModelDraft, ProjectFile } from './draft.ts'
import { readModelFile } from './header.ts'
import { modelNameOf } from './model-name.ts'

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

const emptyDraft: Pick<ModelDraft, 'settings' | 'checks' | 'isHeaderWrong'> = {
  settings: {
    materialization: 'view' satisfies ModelNode['materialization'],
    tags: [],
    columnDescriptions: {},
  },
  checks: [],
  isHeaderWrong: true,
}
