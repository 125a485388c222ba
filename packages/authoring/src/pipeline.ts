import { columns, type ColumnRecord, type RowOf } from './column.ts'
import {
  CaudalError,
  normaliseName,
  refuseSettings,
  unknownSettings,
  type EventContext,
  type OperatorDeclaration,
  type OperatorKind,
  type PipelineDeclaration,
  type PipelineTable,
  type ShapeOf,
  type TopicDeclaration,
} from '@caudal/spec'
import { jsonSchemaOf, parserOf, type EventSchema } from './event-schema.ts'
import { callerPlace } from './place.ts'

declare const eventType: unique symbol

/** What a pipeline reads: a topic whose events are of a type. */
export interface Topic<Event> extends TopicDeclaration {
  readonly [eventType]?: Event
}

/** Options of {@link collector}. */
export interface CollectorOptions<Event> {
  /** What senders send; anything else is refused with the reason. */
  readonly schema: EventSchema<Event>
  /** The last part of the address, `/v1/events/<topic>`. Default: the name of the pipeline. */
  readonly topic?: string
  /** Events of one key are in one partition, in order. It cannot be changed later. Default: 4. */
  readonly partitions?: number
}

const collectorSettings: ShapeOf<CollectorOptions<unknown>> = { schema: true, topic: true, partitions: true }

/**
 * Events that applications send by HTTP to the project's collector.
 * @throws CaudalError `CAUDAL_SETTING_UNKNOWN`; `CAUDAL_EVENT_SCHEMA` when the schema cannot be used.
 */
export function collector<Event>(options: CollectorOptions<Event>): Topic<Event> {
  const { topic, partitions = 4, schema } = options
  const isCount = Number.isInteger(partitions) && partitions >= 1 && partitions <= 256
  refuseSettings('collector()', [
    ...unknownSettings(options, collectorSettings),
    ...(isCount ? [] : [`partitions is ${partitions}, not a whole number from 1 to 256.`]),
  ])
  return {
    kind: 'collector',
    partitions,
    ...(topic === undefined ? {} : { topic }),
    schema: jsonSchemaOf(schema, 'collector()'),
    parse: parserOf(schema, 'collector()'),
  }
}

/** Options of {@link Flow.into}. */
export interface IntoOptions<Columns extends ColumnRecord> {
  readonly columns: Columns
  /** Rows with the same key are one row: the later one wins, and a row without one is a dead letter. Absent: every row is added. */
  readonly key?: readonly (keyof Columns & string)[]
}

const intoSettings: ShapeOf<IntoOptions<ColumnRecord>> = { columns: true, key: true }

/** What has been declared so far. */
interface Draft {
  readonly name: string
  readonly description: string | undefined
  readonly input: TopicDeclaration
  readonly place: string
  readonly operators: OperatorDeclaration[]
  readonly tables: PipelineTable[]
}

/** Events on their way through a pipeline. Each call adds an operator behind this one. */
export class Flow<Event> {
  readonly #draft: Draft
  readonly #at: string

  /** @param at id of the operator whose output this is; `''`: the topic */
  constructor(draft: Draft, at: string) {
    this.#draft = draft
    this.#at = at
  }

  /** Keeps the events for which the function says `true`; the others are counted as filtered. */
  filter<Kept extends Event>(keep: (event: Event, context: EventContext) => event is Kept): Flow<Kept>
  filter(keep: (event: Event, context: EventContext) => boolean): Flow<Event>
  filter(keep: (event: Event, context: EventContext) => boolean): Flow<Event> {
    return this.#add('filter', keep)
  }

  /** Makes one event of each. */
  map<Out>(change: (event: Event, context: EventContext) => Out): Flow<Out> {
    return this.#add('map', change)
  }

  /** Makes any number of events of each; one of which none is made is counted as filtered. */
  flatMap<Out>(spread: (event: Event, context: EventContext) => Iterable<Out>): Flow<Out> {
    return this.#add('flatMap', spread)
  }

  /** Gives every event to each of the branches. */
  branch(...branches: readonly ((flow: Flow<Event>) => PipelineDeclaration)[]): PipelineDeclaration {
    for (const follow of branches) follow(new Flow<Event>(this.#draft, this.#at))
    return this.#declare()
  }

  /**
   * Puts the events into a table, `schema.name`. A value that does not fit its column makes its event a dead letter.
   * @throws CaudalError `CAUDAL_SETTING_UNKNOWN`, `CAUDAL_PIPELINE_TABLE`.
   */
  into<const Columns extends ColumnRecord>(
    this: Flow<RowOf<NoInfer<Columns>>>,
    name: string,
    options: IntoOptions<Columns>,
  ): PipelineDeclaration {
    refuseSettings(`into('${name}')`, unknownSettings(options, intoSettings))
    const key = (options.key ?? []).map(normaliseName)
    return this.#into({
      name: tableName(name),
      columns: columns(options.columns).map((column) =>
        key.includes(column.name) ? { ...column, nullable: false } : column,
      ),
      key,
    })
  }

  #into(table: PipelineTable): PipelineDeclaration {
    const { operators, tables, name } = this.#draft
    if (tables.some((known) => known.name === table.name)) throw filledTwice(name, table.name)
    operators.push({ id: table.name, kind: 'into', input: this.#at })
    tables.push(table)
    return this.#declare()
  }

  #add<Out>(kind: OperatorKind, apply: (event: Event, context: EventContext) => unknown): Flow<Out> {
    const number = 1 + this.#draft.operators.filter((operator) => operator.kind === kind).length
    const id = `${kind} ${number}`
    this.#draft.operators.push({
      id,
      kind,
      input: this.#at,
      apply: apply as (value: unknown, context: EventContext) => unknown,
    })
    return new Flow<Out>(this.#draft, id)
  }

  #declare(): PipelineDeclaration {
    const { description, ...draft } = this.#draft
    return { kind: 'pipeline', ...draft, ...(description === undefined ? {} : { description }) }
  }
}

/** Options of {@link pipeline}. */
export interface PipelineOptions {
  readonly description?: string
}

/** A pipeline that has a name and no input yet. */
export interface PipelineStart {
  /** Reads the events of a topic. */
  from<Event>(topic: Topic<Event>): Flow<Event>
}

/**
 * Typed operators from a topic to tables.
 *
 * ```ts
 * import { z } from 'zod'
 * import { collector, decimal, pipeline, text } from 'caudal'
 *
 * const Sale = z.object({ id: z.string(), customer: z.string(), price: z.string().nullable() })
 *
 * export const sales = pipeline('sales')
 *   .from(collector({ schema: Sale }))
 *   .filter((sale) => sale.price !== null)
 *   .map((sale) => ({ id: sale.id, customer: sale.customer, amount: sale.price }))
 *   .into('sales.processed', { key: ['id'], columns: { id: text(), customer: text(), amount: decimal(18, 2) } })
 * ```
 * @throws CaudalError `CAUDAL_SETTING_UNKNOWN`.
 */
export function pipeline(name: string, options: PipelineOptions = {}): PipelineStart {
  const shape: ShapeOf<PipelineOptions> = { description: true }
  refuseSettings(`pipeline('${name}')`, unknownSettings(options, shape))
  const place = callerPlace(pipeline)
  return {
    from: <Event>(input: Topic<Event>) =>
      new Flow<Event>(
        { name, description: options.description, input, place, operators: [], tables: [] },
        '',
      ),
  }
}

function tableName(name: string): string {
  const parts = name.split('.')
  if (parts.length === 2 && parts.every((part) => part !== '' && part === normaliseName(part))) return name
  throw new CaudalError({
    code: 'CAUDAL_PIPELINE_TABLE',
    message: `into('${name}'): a table is named schema.name, in small letters, digits and underscores.`,
    hint: `For instance '${parts.length === 2 ? parts.map(normaliseName).join('.') : `sales.${normaliseName(name)}`}'.`,
    context: { table: name },
  })
}

function filledTwice(pipelineName: string, table: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_PIPELINE_TABLE',
    message: `Pipeline ${pipelineName} fills ${table} twice.`,
    hint: 'Bring what both branches give to one shape and put it into the table once, or use two tables.',
    context: { pipeline: pipelineName, table },
  })
}
