import type { Column, JsonValue, Load, LoadOutcome, StagedFile, TableLoad, Warehouse } from '@caudal/spec'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** How a warehouse adapter is made for a contract suite: an empty one in the folder; opened again, it holds what was committed. */
export interface WarehouseFactory {
  open(folder: string): Promise<Warehouse>
}

/** What a test says of a load; the rest is filled in. */
export interface LoadFacts {
  readonly table?: string
  readonly columns?: readonly Column[]
  readonly settings?: Partial<Omit<TableLoad, 'table' | 'columns' | 'files'>>
  readonly files?: readonly (Partial<StagedFile> & { readonly content: string | Uint8Array })[]
  readonly rows?: readonly Record<string, JsonValue>[]
  readonly expectedVersion?: number
  readonly position?: JsonValue
  readonly replays?: readonly string[]
  readonly id?: string
}

/** The columns that most tests use. */
export const dealColumns: readonly Column[] = [
  { name: 'id', type: { kind: 'text' } },
  { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
  { name: 'updated', type: { kind: 'integer' } },
]

/** A warehouse in a folder of its own with helpers to make loads: one per test. */
export class WarehouseWorld {
  readonly folder: string
  readonly #factory: WarehouseFactory
  #warehouse: Warehouse
  #nextId = 1_790_000_000_000_000

  private constructor(folder: string, factory: WarehouseFactory, warehouse: Warehouse) {
    this.folder = folder
    this.#factory = factory
    this.#warehouse = warehouse
  }

  static async create(factory: WarehouseFactory): Promise<WarehouseWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-warehouse-'))
    return new WarehouseWorld(folder, factory, await factory.open(folder))
  }

  get warehouse(): Warehouse {
    return this.#warehouse
  }

  /** Closes the warehouse and opens it again. */
  async reopen(): Promise<void> {
    await this.#warehouse.close()
    this.#warehouse = await this.#factory.open(this.folder)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#warehouse.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** The next load id. */
  nextLoadId(): string {
    return String(this.#nextId++)
  }

  /** A load of table `crm.deals` (or another) with its files written. */
  async load(facts: LoadFacts): Promise<Load> {
    const id = facts.id ?? this.nextLoadId()
    const name = facts.table ?? 'deals'
    const lines = facts.rows?.map((row) => `${JSON.stringify(row)}\n`).join('')
    const written =
      facts.files ?? (lines === undefined ? [] : [{ content: lines, rows: facts.rows?.length ?? 0 }])
    const files: StagedFile[] = []
    for (const file of written) files.push(await this.#file(file, facts.rows))
    return {
      id,
      source: 'crm',
      run: 'run-1',
      tables: [
        {
          table: { schema: 'crm', name },
          stream: name,
          generation: 0,
          columns: facts.columns ?? dealColumns,
          isTyped: true,
          disposition: 'append',
          primaryKey: [],
          deletes: 'none',
          contract: { columns: 'evolve', types: 'evolve' },
          filtered: 0,
          ...facts.settings,
          files,
        },
      ],
      positions:
        facts.position === undefined
          ? []
          : [
              {
                stream: name,
                partition: '',
                expectedVersion: facts.expectedVersion ?? 0,
                position: facts.position,
              },
            ],
      ...(facts.replays === undefined ? {} : { replays: facts.replays }),
    }
  }

  /** Prepares the load for the table's present generation and commits it. */
  async commit(load: Load): Promise<LoadOutcome> {
    const states = await this.#warehouse.state.tables()
    const generations = new Map(
      states.map((state) => [`${state.table.schema}.${state.table.name}`, state.generation]),
    )
    const tables = load.tables.map((table) => ({
      ...table,
      generation: generations.get(`${table.table.schema}.${table.table.name}`) ?? 0,
    }))
    return this.commitAsIs({ ...load, tables })
  }

  /** Commits the load with the generation it names. */
  commitAsIs(load: Load): Promise<LoadOutcome> {
    return this.#warehouse.commit(load, (key) => path.join(this.folder, key), AbortSignal.timeout(60_000))
  }

  /** Rows of a query as records. */
  async rows(sql: string, parameters: Record<string, JsonValue> = {}): Promise<Record<string, JsonValue>[]> {
    const records: Record<string, JsonValue>[] = []
    for await (const chunk of this.#warehouse.query(sql, parameters, AbortSignal.timeout(60_000))) {
      for (let row = 0; row < chunk.rows; row++) {
        records.push(
          Object.fromEntries(
            chunk.columns.map((column, index) => [column.name, chunk.values[index]?.[row] ?? null]),
          ),
        )
      }
    }
    return records
  }

  async #file(
    file: Partial<StagedFile> & { readonly content: string | Uint8Array },
    rows: readonly Record<string, JsonValue>[] | undefined,
  ): Promise<StagedFile> {
    const { content, ...facts } = file
    const format = facts.format ?? 'ndjson'
    const key = `${randomUUID()}.${format}`
    await writeFile(path.join(this.folder, key), content)
    const fields = rows === undefined ? {} : { fields: [...new Set(rows.flatMap((row) => Object.keys(row)))] }
    const hasOperations = rows?.some((row) => '_caudal_operation' in row) === true
    return {
      key,
      format,
      sha256: createHash('sha256').update(content).digest('hex'),
      bytes: Buffer.byteLength(content),
      origin: facts.origin ?? `memory:${key.slice(0, 8)}.${format}`,
      ...fields,
      ...(hasOperations ? { hasOperations } : {}),
      ...facts,
    }
  }
}
