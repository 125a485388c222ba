import type { Company } from '../company/company.ts'
import { Dice, SUBJECT } from '../random.ts'
import { type Change, Market } from './market.ts'
import { type Action, ACTIONS, newLead } from './seller-actions.ts'
import type { Stores } from './stores.ts'

/** Keeps selling in the served company. What the n-th tick does follows from company, seed and n; when, from the clock. */
export class Seller {
  readonly #company: Company
  readonly #stores: Stores
  readonly #clock: () => number
  #seed: number
  #market: Market | undefined
  #ticks = 0
  #timer: NodeJS.Timeout | undefined

  constructor(company: Company, stores: Stores, clock: () => number) {
    this.#company = company
    this.#stores = stores
    this.#clock = clock
    this.#seed = company.world.seed
  }

  /** One step: one to three things happen. Returns every record created or updated, in order of `updated_at`. */
  tick(): Change[] {
    this.#market ??= new Market(this.#company, this.#stores, this.#clock)
    const dice = new Dice(this.#seed, SUBJECT.tick, this.#ticks++)
    for (let action = 1 + dice.below(3); action > 0; action--) {
      if (!dice.pick<Action>(ACTIONS)(this.#market, dice)) newLead(this.#market, dice)
    }
    return this.#market.takeChanges()
  }

  /** Ticks by a timer until stopped; a second start replaces the first. */
  start(everyMs: number, seed?: number): void {
    if (!(everyMs >= 1)) throw new RangeError(`everyMs ${everyMs}: not a number of milliseconds ≥ 1`)
    this.stop()
    this.#seed = seed ?? this.#seed
    this.#timer = setInterval(() => this.tick(), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
