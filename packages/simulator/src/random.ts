/**
 * One die per subject and index: `new Dice(seed, subject, index)` always rolls the same numbers, whatever was
 * rolled before. So every record can be computed alone, in any order, and the company needs no memory.
 *
 * The generator is counter based: a 32-bit state, keyed by hashing seed, subject and index, advances by the
 * golden-ratio constant and each state is mixed by the MurmurHash3 finaliser (the splitmix construction in
 * 32 bits). Only integer operations, `+ - * /` and `Math.sqrt` are used, which IEEE 754 and ECMAScript define
 * exactly, so the numbers are the same on every machine.
 */
export class Dice {
  #state: number

  constructor(seed: number, subject: number, index: number) {
    const high = Math.floor(seed / 4294967296)
    this.#state = mix(mix(mix(seed ^ mix(high)) + subject) + index)
  }

  /** A number in [0, 1). */
  unit(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    return mix(this.#state) / 4294967296
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit)
  }

  /** One element, each as likely as the others. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** An integer from a distribution given by its evenly spaced quantiles (first = minimum, last = maximum). */
  quantile(table: readonly number[]): number {
    const place = this.unit() * (table.length - 1)
    const low = Math.floor(place)
    const from = table[low] as number
    return Math.floor(from + ((table[low + 1] as number) - from) * (place - low))
  }
}

function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** Repeats each value by its whole-number weight, so that {@link Dice.pick} draws it that often. */
export function weighted<const T>(weights: readonly (readonly [value: T, weight: number])[]): readonly T[] {
  return weights.flatMap(([value, weight]) => Array.from({ length: weight }, () => value))
}

/** What dice are thrown for; part of the key, so that two subjects never share a sequence. */
export const SUBJECT = {
  staff: 1,
  account: 2,
  person: 3,
  lead: 4,
  deal: 5,
  activity: 6,
  email: 7,
  emailEvent: 8,
  usage: 9,
  note: 10,
  quota: 11,
  rate: 12,
  tick: 13,
} as const
