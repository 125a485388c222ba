import { isRawNumber, type LosslessJson } from '@caudal/http'
import type { ColumnType } from '@caudal/spec'
import { ColumnEvidence, numberType } from './evidence.ts'

/** Evidence about one field of JSON records, numbers given as they are written. */
export class JsonEvidence {
  readonly #kinds = new Set<'boolean' | 'number' | 'string' | 'json'>()
  readonly #texts = new ColumnEvidence()
  #integerDigits = 0
  #scale = 0
  #hasExponent = false

  /** Takes a value; `null` says nothing. */
  note(value: LosslessJson | undefined): void {
    if (value === null || value === undefined) return
    if (typeof value === 'boolean') this.#kinds.add('boolean')
    else if (typeof value === 'string') {
      this.#kinds.add('string')
      this.#texts.note(value === '' ? '-' : value, 0)
    } else if (typeof value === 'number') this.#noteNumber(String(value))
    else if (isRawNumber(value)) this.#noteNumber(value.rawJSON)
    else this.#kinds.add('json')
  }

  /**
   * The type that every value has; `undefined` when there was none. Texts are dates and times only where all are ISO 8601 of one sort; a
   * number with an exponent makes text, because no decimal says how exact it is.
   */
  get type(): ColumnType | undefined {
    if (this.#kinds.size === 0) return undefined
    if (this.#kinds.has('json')) return { kind: 'json' }
    if (this.#kinds.size > 1) return { kind: 'text' }
    if (this.#kinds.has('boolean')) return { kind: 'boolean' }
    if (this.#kinds.has('number')) {
      return this.#hasExponent ? { kind: 'text' } : numberType(this.#integerDigits, this.#scale)
    }
    const { verdict } = this.#texts
    const isTime =
      verdict.kind === 'typed' && ['date', 'timestamp', 'timestamptz'].includes(verdict.type.kind)
    return isTime && verdict.format === undefined ? verdict.type : { kind: 'text' }
  }

  #noteNumber(source: string): void {
    this.#kinds.add('number')
    const [, whole = '', fraction = '', exponent] = /^-?(\d+)(?:\.(\d+))?([eE].*)?$/.exec(source) ?? []
    if (exponent !== undefined) this.#hasExponent = true
    this.#integerDigits = Math.max(this.#integerDigits, whole === '0' ? 0 : whole.length)
    this.#scale = Math.max(this.#scale, fraction.length)
  }
}
