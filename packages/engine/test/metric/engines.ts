import { openWarehouse } from '@caudal/duckdb'
import {
  parseColumnType,
  type Column,
  type ColumnChunk,
  type JsonValue,
  type RelationDescription,
} from '@caudal/spec'
import { startPostgres } from '@caudal/testkit'
import type { Client } from 'pg'

const signal = new AbortController().signal

/** A database that the tests fill and query in its own dialect. */
export interface Engine {
  readonly dialect: 'duckdb' | 'postgresql'
  /** Creates `schema.name` from a SELECT that both dialects run. */
  put(table: string, sql: string): Promise<void>
  relations(): Promise<readonly RelationDescription[]>
  query(sql: string, parameters: Readonly<Record<string, JsonValue>>): Promise<readonly ColumnChunk[]>
  close(): Promise<void>
}

/** The embedded warehouse in memory. */
export async function openDuckdb(): Promise<Engine> {
  const warehouse = await openWarehouse({ path: ':memory:' }, { projectPath: '/' })
  return {
    dialect: 'duckdb',
    async put(table, sql) {
      const [schema = '', name = ''] = table.split('.')
      const built = { schema: '_caudal_build', name }
      await warehouse.build(built, sql, {}, signal)
      const publications = [{ kind: 'table', table: { schema, name }, built }] as const
      await warehouse.publish({ run: 'test', publications, checks: [], models: [] })
    },
    relations: () => warehouse.introspect(),
    async query(sql, parameters) {
      const chunks: ColumnChunk[] = []
      for await (const chunk of warehouse.query(sql, parameters, signal)) chunks.push(chunk)
      return chunks
    },
    close: () => warehouse.close(),
  }
}

/** A real PostgreSQL server of its own. */
export async function openPostgres(): Promise<Engine> {
  const { client, close } = await startPostgres()
  return {
    dialect: 'postgresql',
    async put(table, sql) {
      await client.query(`create schema if not exists ${table.split('.')[0]}`)
      await client.query(`create table ${table} as ${sql}`)
    },
    relations: () => postgresRelations(client),
    query: (sql, parameters) => postgresQuery(client, sql, parameters),
    close,
  }
}

async function postgresRelations(client: Client): Promise<readonly RelationDescription[]> {
  const { rows } = await client.query<{ schema: string; name: string; column: string; type: string }>(
    `select table_schema as schema, table_name as name, column_name as column,
       case data_type when 'timestamp with time zone' then 'timestamptz' when 'timestamp without time zone' then 'timestamp'
         when 'numeric' then 'decimal(' || numeric_precision || ',' || numeric_scale || ')' when 'bigint' then 'integer'
         when 'double precision' then 'double' else data_type end as type
     from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
     order by table_schema, table_name, ordinal_position`,
  )
  const relations = new Map<string, RelationDescription & { columns: Column[] }>()
  for (const { schema, name, column, type } of rows) {
    const relation = relations.get(`${schema}.${name}`) ?? {
      table: { schema, name },
      kind: 'table',
      columns: [],
    }
    relation.columns.push({ name: column, type: parseColumnType(type) ?? { kind: 'text' } })
    relations.set(`${schema}.${name}`, relation)
  }
  return [...relations.values()]
}

async function postgresQuery(
  client: Client,
  sql: string,
  parameters: Readonly<Record<string, JsonValue>>,
): Promise<readonly ColumnChunk[]> {
  const names: string[] = []
  const text = sql.replaceAll(/\$([a-z]\w*)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  const values = names.map((name) => parameters[name])
  const parser = { getTypeParser: () => (value: string) => value }
  const result = await client.query<JsonValue[]>({ text, values, rowMode: 'array', types: parser })
  const columns = result.fields.map(({ name }): Column => ({ name, type: { kind: 'text' } }))
  const cells = columns.map((_, index) => result.rows.map((row) => row[index] ?? null))
  return [{ columns, rows: result.rows.length, values: cells }]
}
