import {
  type EventContext,
  type JsonValue,
  type LogBatch,
  type LogEvent,
  type OperatorDeclaration,
  type PipelineDeclaration,
} from '@caudal/spec'
import type { EventFate, FlushBuilder } from '../flush/flush-builder.ts'
import { describeValue, ValueMisfit } from '../pack/misfit.ts'

/** An event between two operators. */
interface Item {
  /** Which event of the batch it came from. */
  readonly index: number
  readonly value: unknown
}

/** The operators of a pipeline, ready to work. */
export class Program {
  readonly #declaration: PipelineDeclaration
  readonly #after: ReadonlyMap<string, readonly OperatorDeclaration[]>

  constructor(declaration: PipelineDeclaration) {
    this.#declaration = declaration
    this.#after = Map.groupBy(declaration.operators, ({ input }) => input)
  }

  /** Works on events of one partition: rows, dead letters and counts go into the flush. */
  run(batch: LogBatch, flush: FlushBuilder): void {
    const [first] = batch.events
    if (first === undefined) return
    const work = new BatchWork(this.#declaration, this.#after, batch, flush)
    work.follow('', work.parse())
    for (const fate of work.fates()) flush.count(fate)
    flush.advance(batch.partition, first.offset, batch.next)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** One batch on its way through the operators. */
class BatchWork {
  readonly #declaration: PipelineDeclaration
  readonly #after: ReadonlyMap<string, readonly OperatorDeclaration[]>
  readonly #batch: LogBatch
  readonly #flush: FlushBuilder
  readonly #contexts: EventContext[] = []
  readonly #fates: EventFate[]

  constructor(
    declaration: PipelineDeclaration,
    after: ReadonlyMap<string, readonly OperatorDeclaration[]>,
    batch: LogBatch,
    flush: FlushBuilder,
  ) {
    this.#declaration = declaration
    this.#after = after
    this.#batch = batch
    this.#flush = flush
    this.#fates = batch.events.map(() => 'filtered')
  }

  /** What became of each event. */
  fates(): readonly EventFate[] {
    return this.#fates
  }

  /** The events that are what the topic's schema says. */
  parse(): Item[] {
    const items: Item[] = []
    for (const [index, event] of this.#batch.events.entries()) {
      try {
        const parsed = this.#declaration.input.parse(JSON.parse(decoder.decode(event.value)) as JsonValue)
        if (parsed.isValid) items.push({ index, value: parsed.value })
        else this.#bury(index, 'parse', new Error(parsed.issues.join('; ')))
      } catch (error) {
        this.#bury(index, 'parse', error)
      }
    }
    return items
  }

  /** Gives the output of an operator to those behind it. */
  follow(id: string, items: readonly Item[]): void {
    for (const operator of this.#after.get(id) ?? []) {
      if (operator.kind === 'into') this.#store(operator.id, items)
      else this.follow(operator.id, this.#apply(operator, items))
    }
  }

  #apply(operator: OperatorDeclaration, items: readonly Item[]): Item[] {
    const out: Item[] = []
    for (const { index, value } of items) {
      try {
        const result = operator.apply?.(value, this.#context(index))
        if (operator.kind === 'map') out.push({ index, value: result })
        else if (operator.kind === 'flatMap') this.#spread(index, result, out)
        else if (result === true) out.push({ index, value })
      } catch (error) {
        this.#bury(index, operator.id, error)
      }
    }
    return out
  }

  /** All that is made of an event, or nothing when the last of it fails. */
  #spread(index: number, result: unknown, out: Item[]): void {
    const values = [...(result as Iterable<unknown>)]
    for (const value of values) out.push({ index, value })
  }

  #store(table: string, items: readonly Item[]): void {
    for (const { index, value } of items) {
      try {
        if (typeof value !== 'object' || value === null)
          throw new Error(`${describeValue(value)} is not a row`)
        this.#flush.addRow(table, value as Record<string, unknown>)
        if (this.#fates[index] === 'filtered') this.#fates[index] = 'taken'
      } catch (error) {
        this.#bury(index, table, error)
      }
    }
  }

  #bury(index: number, operator: string, error: unknown): void {
    const event = this.#event(index)
    this.#fates[index] = 'dead'
    this.#flush.addLetter({
      partition: this.#batch.partition,
      offset: event.offset,
      operator,
      ...(error instanceof ValueMisfit ? { column: error.column } : {}),
      reason: error instanceof Error ? error.message : String(error),
      raw: event.value,
      attempt: 1,
    })
  }

  #context(index: number): EventContext {
    const known = this.#contexts[index]
    if (known !== undefined) return known
    const { offset, appendedAt, key, headers = {} } = this.#event(index)
    return (this.#contexts[index] = {
      topic: this.#declaration.input.topic ?? this.#declaration.name,
      partition: this.#batch.partition,
      offset,
      appendedAt: new Date(appendedAt),
      ...(key === undefined ? {} : { key: Buffer.from(key).toString('utf8') }),
      headers,
    })
  }

  #event(index: number): LogEvent {
    const event = this.#batch.events[index]
    if (event === undefined) throw new Error(`Invariant broken: the batch has no event ${index}`)
    return event
  }
}
