import {
  formatTableName,
  rawTables,
  toErrorReport,
  type Column,
  type ErrorReport,
  type Manifest,
  type ModelNode,
  type Publication,
  type Warehouse,
} from '@caudal/spec'
import { renderPortable, tokenizeSql } from '@caudal/sql'
import { duckdbType, ownColumns, typedRows } from '../model/test-query.ts'

/** A table or model with its columns and their types. */
export interface TableColumns {
  /** `schema.name`. */
  readonly name: string
  readonly kind: 'table' | 'model'
  readonly description?: string
  readonly columns: readonly Column[]
}

/** The project on an empty warehouse: what has which columns, and which models its engine refuses. */
export interface EmptyTables {
  readonly tables: readonly TableColumns[]
  readonly problems: readonly ErrorReport[]
}

type Scratch = Pick<Warehouse, 'publish' | 'introspect'>

/**
 * Puts every table of the project into an empty embedded warehouse, without rows, and every model above them as a view: the engine itself
 * says which columns of which type each model has. Needs no network and no data.
 */
export async function layOutEmptyTables(manifest: Manifest, scratch: Scratch): Promise<EmptyTables> {
  const raw = rawTables(manifest)
    .filter(({ columns }) => columns.length > 0)
    .map((table) => ({ ...described(table), kind: 'table' as const, columns: table.columns }))
  const { models } = manifest
  const problems = await publishViews(raw, models, scratch)
  const relations = await scratch.introspect()
  const typesOf = new Map(relations.map(({ table, columns }) => [formatTableName(table), columns]))
  return {
    tables: [
      ...raw,
      ...models.flatMap((model) => {
        const columns = typesOf.get(model.name)
        return columns === undefined
          ? []
          : [{ ...described(model), kind: 'model' as const, columns: modelColumns(model, columns) }]
      }),
    ],
    problems,
  }
}

function described({
  name,
  description,
}: Pick<TableColumns, 'name' | 'description'>): Pick<TableColumns, 'name' | 'description'> {
  return { name, ...(description === undefined ? {} : { description }) }
}

/** All at once; when the engine refuses one, one by one, so that each is named. */
async function publishViews(
  raw: readonly TableColumns[],
  models: readonly ModelNode[],
  scratch: Scratch,
): Promise<readonly ErrorReport[]> {
  const views = [
    ...raw.map((table) => ({ view: view(table.name, emptyTable(table)), model: undefined })),
    ...models.map((model) => ({ view: view(model.name, modelView(model)), model })),
  ]
  const publish = (publications: readonly Publication[]): Promise<number> =>
    scratch.publish({ run: 'verify', publications, checks: [], models: [] })
  try {
    await publish(views.map(({ view: publication }) => publication))
    return []
  } catch {
    const problems: ErrorReport[] = []
    const missing = new Set<string>()
    for (const { view: publication, model } of views) {
      if (model?.references.some((name) => missing.has(name)) === true) {
        missing.add(model.name)
        continue
      }
      await publish([publication]).catch((error: unknown) => {
        if (model === undefined) throw error
        missing.add(model.name)
        problems.push(refusedModel(model, error))
      })
    }
    return problems
  }
}

function view(name: string, sql: string): Publication {
  const [schema = '', table = ''] = name.split('.')
  return { kind: 'view', table: { schema, name: table }, sql }
}

function emptyTable({ columns }: TableColumns): string {
  const named = columns.map((column) => ({ name: column.name, type: duckdbType(column.type) }))
  const own = Object.entries(ownColumns).map(([name, type]) => ({ name, type }))
  return typedRows([...named, ...own], [])
}

/** The model with its parameters replaced by values: views have none. */
function modelView({ sql }: ModelNode): string {
  const text = renderPortable(sql, 'duckdb')
  const parameters = tokenizeSql(text).filter((token) => token.kind === 'parameter')
  return parameters.reduceRight(
    (rest, token) => `${rest.slice(0, token.start)}'2000-01-01T00:00:00Z'${rest.slice(token.end)}`,
    text,
  )
}

function modelColumns(model: ModelNode, columns: readonly Column[]): readonly Column[] {
  const nullable = new Map(model.columns?.map((column) => [column.name, column.nullable]))
  return columns
    .filter(({ name }) => !(name in ownColumns))
    .map((column) => {
      const description = model.columnDescriptions[column.name]
      return {
        ...column,
        ...(nullable.get(column.name) === false ? { nullable: false } : {}),
        ...(description === undefined ? {} : { description }),
      }
    })
}

function refusedModel(model: ModelNode, error: unknown): ErrorReport {
  const { message } = toErrorReport(error)
  return {
    code: 'CAUDAL_MODEL_REFUSED',
    message: `${model.file}: the engine refuses the model \`${model.name}\`: ${message.split('\n')[0] ?? message}`,
    hint: 'Correct the SQL; types come from the recorded schemas (caudal typegen).',
    retryable: false,
    context: { file: model.file, model: model.name },
  }
}
