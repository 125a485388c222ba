import {
  refuseSettings,
  unknownSettings,
  type IncrementalSettings,
  type JsonObject,
  type JsonValue,
  type ModelDeclaration,
  type ModelTestDeclaration,
  type ShapeOf,
} from '@caudal/spec'
import { checkNode, ruleProblems, type RuleOptions } from './check.ts'
import { callerPlace } from './place.ts'
import type { AnyTables, ColumnName, TableName } from './row-types.ts'

/** Options of {@link model}. */
export interface ModelOptions {
  /** `schema.name`. */
  readonly name: string
  /** One SELECT in the subset that DuckDB and PostgreSQL both run. */
  readonly sql: string
  /** Default: `view`, or `incremental` where `incremental` is given. */
  readonly materialization?: ModelDeclaration['materialization']
  /** `lookback` defaults to 0, `key` to none (the interval's rows are replaced). */
  readonly incremental?: Omit<IncrementalSettings, 'lookback' | 'key'> &
    Partial<Pick<IncrementalSettings, 'lookback' | 'key'>>
  readonly description?: string
  readonly owner?: string
  readonly tags?: readonly string[]
  /** Column → description. */
  readonly columns?: Readonly<Record<string, string>>
  readonly checks?: readonly RuleOptions<string>[]
}

const incrementalSettings: ShapeOf<IncrementalSettings> = {
  time: true,
  grain: true,
  start: true,
  lookback: true,
  key: true,
}

const settings: ShapeOf<ModelOptions> = {
  name: true,
  sql: true,
  materialization: true,
  incremental: incrementalSettings,
  description: true,
  owner: true,
  tags: true,
  columns: true,
  checks: true,
}

/** A model whose SQL is computed. SQL that is not belongs in `models/<schema>/<name>.sql`. */
export function model(options: ModelOptions): ModelDeclaration {
  const place = callerPlace(model)
  const { columns = {}, checks = [], tags = [], incremental, materialization, ...rest } = options
  refuseSettings('model()', [
    ...unknownSettings(options, settings),
    ...checks.flatMap((rule, index) => ruleProblems(rule, `checks[${index}].`)),
  ])
  return {
    ...rest,
    kind: 'model',
    materialization: materialization ?? (incremental === undefined ? 'view' : 'incremental'),
    ...(incremental === undefined ? {} : { incremental: { lookback: 0, key: [], ...incremental } }),
    tags,
    columnDescriptions: columns,
    checks: checks.map((rule) => checkNode(options.name, rule, place)),
    place,
  }
}

/** Options of {@link modelTest}. */
export interface ModelTestOptions<Tables, Model extends TableName<Tables>> {
  readonly model: Model
  /** Table → rows. A missing column is null; a table that is not given is empty. */
  readonly given: {
    readonly [Table in TableName<Tables>]?: readonly Cells<ColumnName<Tables, Table>>[]
  }
  /** In any order; columns that are not named are not compared. */
  readonly expect: readonly Cells<ColumnName<Tables, Model>>[]
  readonly parameters?: Readonly<Record<string, JsonValue>>
}

type Cells<Column extends string> = { readonly [Name in Column]?: JsonValue }

/** The type of {@link modelTest}, narrowed to the tables of a project. */
export type ModelTestFunction<Tables> = <const Model extends TableName<Tables>>(
  options: ModelTestOptions<Tables, Model>,
) => ModelTestDeclaration

/** Given rows and the rows expected of a model, run on the embedded engine with real types. */
export const modelTest: ModelTestFunction<AnyTables> = declareModelTest

const testSettings: ShapeOf<ModelTestOptions<AnyTables, string>> = {
  model: true,
  given: true,
  expect: true,
  parameters: true,
}

function declareModelTest(options: ModelTestOptions<AnyTables, string>): ModelTestDeclaration {
  refuseSettings('modelTest()', unknownSettings(options, testSettings))
  const given = Object.entries(options.given).map(
    ([table, rows = []]) => [table, rows.map(definedCells)] as const,
  )
  return {
    ...options,
    kind: 'model test',
    given: Object.fromEntries(given),
    expect: options.expect.map(definedCells),
    place: callerPlace(declareModelTest),
  }
}

function definedCells(row: Cells<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])),
  )
}
