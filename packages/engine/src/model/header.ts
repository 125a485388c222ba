import { materializations, type ErrorReport, type IncrementalSettings, type ModelNode } from '@caudal/spec'
import { z } from 'zod'
import { checkList, type DeclaredCheck } from './check-settings.ts'
import { problemAt, type TextOrigin } from './problem.ts'
import { readSettings, strictSettings, type SettingsPath } from './yaml-settings.ts'

/** What a model is besides its SQL. */
export interface ModelSettings {
  readonly materialization: ModelNode['materialization']
  readonly incremental?: IncrementalSettings
  readonly description?: string
  readonly owner?: string
  readonly tags: readonly string[]
  readonly columnDescriptions: Readonly<Record<string, string>>
  readonly checks: readonly DeclaredCheck[]
}

/** A model file taken apart. */
export interface ModelFile {
  /** Absent when the header is wrong. */
  readonly settings?: ModelSettings
  readonly sql: string
  readonly sqlOrigin: TextOrigin
  readonly problems: readonly ErrorReport[]
  /** Line of the file at which a check stands. */
  lineOf(path: SettingsPath): number
}

const timestamp = z.string().refine((value) => !Number.isNaN(Date.parse(value)), {
  error: 'An ISO 8601 day or time is needed: 2026-01-01',
})

const incrementalSettings = strictSettings({
  time: z.string().min(1),
  grain: z.enum(['hour', 'day', 'month']),
  start: timestamp,
  lookback: z.int().min(0).default(0),
  key: z.array(z.string().min(1)).default([]),
})

const headerSettings = strictSettings({
  materialization: z.enum(materializations).optional(),
  incremental: incrementalSettings.optional(),
  description: z.string().optional(),
  owner: z.string().optional(),
  tags: z
    .union([
      z.array(z.string().min(1)),
      z
        .string()
        .min(1)
        .transform((tag) => [tag]),
    ])
    .default([]),
  columns: z.record(z.string(), z.unknown()).default({}).transform(readColumns),
  checks: checkList().default([]),
}).superRefine((header, context) => {
  const { materialization, incremental } = header
  if (materialization === 'incremental' && incremental === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['materialization'],
      message: 'An incremental model needs `incremental: { time, grain, start }`.',
      input: materialization,
    })
  }
  if (incremental !== undefined && materialization !== undefined && materialization !== 'incremental') {
    context.addIssue({
      code: 'custom',
      path: ['incremental'],
      message: `A ${materialization} has no \`incremental\` settings: write materialization: incremental.`,
      input: incremental,
    })
  }
})

interface ColumnsRead {
  readonly descriptions: Readonly<Record<string, string>>
  readonly checks: readonly DeclaredCheck[]
}

/** Columns: a description as text, or `{ description, checks }`. */
function readColumns(columns: Record<string, unknown>, context: z.core.$RefinementCtx): ColumnsRead {
  const descriptions: Record<string, string> = {}
  const checks: DeclaredCheck[] = []
  for (const [column, settings] of Object.entries(columns)) {
    const schema = strictSettings({
      description: z.string().optional(),
      checks: checkList(column).default([]),
    })
    const result = schema.safeParse(
      typeof settings === 'string' ? { description: settings } : (settings ?? {}),
    )
    for (const issue of result.error?.issues ?? []) {
      const key = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
      context.addIssue({
        code: 'custom',
        path: [column, ...issue.path, ...key],
        message: issue.message,
        input: settings,
      })
    }
    if (result.data?.description !== undefined) descriptions[column] = result.data.description
    for (const check of result.data?.checks ?? []) {
      checks.push({ ...check, path: ['columns', column, 'checks', ...check.path] })
    }
  }
  return { descriptions, checks }
}

/**
 * Takes a model file apart. The header is YAML in the first comment, behind nothing but `--` lines, fenced by three dashes: `/* ---`, the settings, `--- *` + `/`. A file
 * without it is a view. Everything behind the header is the SQL.
 */
export function readModelFile(file: string, text: string): ModelFile {
  const opening = /^(?:\s|--[^\n]*\n)*\/\*[ \t]*---[ \t]*\r?\n/.exec(text)?.[0].length
  const closing = opening === undefined ? null : /^[ \t]*---[ \t]*\*\//m.exec(text.slice(opening))
  const yamlStart = closing === null ? 0 : (opening ?? 0)
  const yaml = closing === null ? '' : text.slice(yamlStart, yamlStart + closing.index)
  const sqlStart = closing === null ? 0 : yamlStart + closing.index + closing[0].length
  const yamlOrigin = { file, firstLine: lineAt(text, yamlStart) }
  const { value, problems, place } = readSettings(yaml, headerSettings, yamlOrigin, 'CAUDAL_MODEL_HEADER')
  const sql = text.slice(sqlStart)
  const sqlLead = sql.length - sql.trimStart().length
  return {
    ...(value === undefined ? {} : { settings: toModelSettings(value) }),
    sql: sql.trim(),
    sqlOrigin: { file, firstLine: lineAt(text, sqlStart + sqlLead) },
    problems: opening !== undefined && closing === null ? [unclosedHeader(file)] : problems,
    lineOf: (path) => yamlOrigin.firstLine + (place(path)?.line ?? 1) - 1,
  }
}

function toModelSettings(header: z.output<typeof headerSettings>): ModelSettings {
  const { materialization, incremental, description, owner, tags, columns, checks } = header
  return {
    materialization: materialization ?? (incremental === undefined ? 'view' : 'incremental'),
    ...(incremental === undefined ? {} : { incremental }),
    ...(description === undefined ? {} : { description }),
    ...(owner === undefined ? {} : { owner }),
    tags,
    columnDescriptions: columns.descriptions,
    checks: [...columns.checks, ...checks.map((check) => ({ ...check, path: ['checks', ...check.path] }))],
  }
}

function unclosedHeader(file: string): ErrorReport {
  return problemAt({ file, firstLine: 1 }, undefined, {
    code: 'CAUDAL_MODEL_HEADER',
    message: 'The header begins with `/* ---` and is not closed.',
    hint: 'End it with a line `--- */` before the SQL.',
  })
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
