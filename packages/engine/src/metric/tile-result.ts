import { CaudalError, invariant, type ColumnChunk, type JsonValue } from '@caudal/spec'
import { evaluate } from './measure.ts'
import { partKey, type ScannedMetric } from './scan.ts'
import { partIndexes, type TileQuery } from './tile-query.ts'

/** Which value of a metric is meant. */
export interface ValueAddress {
  /** 0: shown, 1: compared. */
  readonly period: 0 | 1
  /** Absent: the whole period. */
  readonly bucket?: string
  readonly position?: number
}

/** A position of the ranking, with the values of its keys; the last may be "other". */
export interface RankedKey {
  readonly position: number
  readonly isOther: boolean
  readonly keys: readonly (string | null)[]
}

/** The rows that answer a {@link TileQuery}, by what they mean. */
export class TileResult {
  readonly #query: TileQuery
  readonly #parts = new Map<string, readonly (string | null)[]>()
  readonly #ranked = new Map<number, RankedKey>()
  readonly #buckets = new Set<string>()
  readonly #indexes: readonly ReadonlyMap<string, number>[]

  constructor(query: TileQuery, chunks: readonly ColumnChunk[]) {
    this.#query = query
    this.#indexes = query.scans.map((scan) => partIndexes(scan))
    for (const chunk of chunks) {
      const cells = new Map(chunk.columns.map(({ name }, index) => [name, chunk.values[index] ?? []]))
      for (let row = 0; row < chunk.rows; row++) this.#readRow((name) => cells.get(name)?.[row] ?? null)
    }
  }

  /** The value of a metric as a decimal string; `null` for none. */
  value(metric: ScannedMetric, address: ValueAddress): string | null {
    const parts = this.#parts.get(addressKey(metric.scan, address))
    if (parts === undefined) return metric.measure.empty
    return evaluate(metric.measure, (part) => {
      const index = this.#indexes[metric.scan]?.get(partKey(part))
      invariant(index !== undefined, 'a scan has the parts of its metrics')
      return parts[index] ?? null
    })
  }

  /** Positions in order. */
  ranked(): readonly RankedKey[] {
    return [...this.#ranked.values()].toSorted((a, b) => a.position - b.position)
  }

  /** Buckets of the shown period that have rows, in order. */
  buckets(): readonly string[] {
    return [...this.#buckets].toSorted()
  }

  #readRow(cell: (name: string) => JsonValue): void {
    const period = Number(cell('period')) === 0 ? 0 : 1
    const isTotal = this.#query.window.grain === undefined || Number(cell('is_total')) === 1
    const bucket = isTotal ? undefined : bucketLabel(String(cell('bucket')))
    const position = this.#query.keys === 0 ? undefined : Number(cell('position'))
    if (bucket !== undefined && period === 0) this.#buckets.add(bucket)
    if (position !== undefined) this.#rank(position, cell)
    const address = {
      period,
      ...(bucket === undefined ? {} : { bucket }),
      ...(position === undefined ? {} : { position }),
    } as const
    const scan = Number(cell('scan'))
    const parts = this.#query.scans[scan]?.parts ?? []
    this.#parts.set(
      addressKey(scan, address),
      parts.map((_, index) => textCell(cell(`part_${index}`))),
    )
  }

  #rank(position: number, cell: (name: string) => JsonValue): void {
    const keys = Array.from({ length: this.#query.keys }, (_, key) => textCell(cell(`key_${key}`)))
    this.#ranked.set(position, { position, isOther: position > this.#query.top, keys })
  }
}

function addressKey(scan: number, { period, bucket = '', position = 0 }: ValueAddress): string {
  return `${scan}|${period}|${position}|${bucket}`
}

/** Hours come as `2026-03-29 01:00:00` in UTC, everything else as a day. */
function bucketLabel(text: string): string {
  return text.length > 10 ? `${text.slice(0, 10)}T${text.slice(11, 19)}Z` : text
}

function textCell(value: JsonValue): string | null {
  if (value === null || typeof value === 'string') return value
  throw new CaudalError({
    code: 'CAUDAL_METRIC_RESULT',
    message: `The warehouse answered ${JSON.stringify(value)} where the query asks for text. Nothing is shown.`,
    hint: 'This is a defect of the warehouse adapter: report it with the SQL of the tile.',
  })
}
