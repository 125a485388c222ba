import type { JsonValue } from '@caudal/spec'
import type { Expression, SqlType } from './sql-tree.ts'

/** The parameters of one statement: equal values under one name share a parameter. */
export class Parameters {
  readonly #values = new Map<string, JsonValue>()

  /** A parameter named after `hint`. */
  add(hint: string, value: JsonValue, type: SqlType): Expression {
    for (let count = 1; ; count++) {
      const name = count === 1 ? hint : `${hint}_${count}`
      const known = this.#values.get(name)
      if (known === undefined) this.#values.set(name, value)
      if (known === undefined || known === value) return { kind: 'parameter', name, type }
    }
  }

  /** Name → value. */
  values(): Readonly<Record<string, JsonValue>> {
    return Object.fromEntries(this.#values)
  }
}
