import type { JsonValue } from '@caudal/spec'
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Random } from './random.ts'

type Row = Readonly<Record<string, JsonValue>>

const stages = ['lead', 'demo', 'offer', 'won', 'lost']

/** What the shop's source holds at a moment, and what the warehouse must hold after a run. */
export class World {
  readonly #random: Random
  #clock = 0
  readonly #events: Row[] = []
  readonly #deals = new Map<string, Row>()
  readonly #accounts = new Map<string, Row>()
  readonly #contacts = new Map<string, Row>()
  readonly #teams: Row[] = []
  #products: Row[] = []
  #prices: Row[] = []

  constructor(random: Random) {
    this.#random = random
    for (let times = 0; times < 4; times++) {
      this.change()
      this.changePaged()
    }
  }

  /** Life goes on in the streams that may change at any moment. */
  change(): void {
    for (let times = 0; times < 8; times++) {
      const id = this.#events.length + 1
      const day = String(1 + this.#random.below(28)).padStart(2, '0')
      this.#events.push({
        id,
        happened: `2026-0${1 + this.#random.below(6)}-${day}T10:00:00`,
        note: `event ${id}`,
      })
      const deal = `D${this.#random.below(60)}`
      this.#deals.set(deal, {
        id: deal,
        amount: `${this.#random.below(90_000)}.${10 + this.#random.below(90)}`,
        stage: this.#random.pick(stages),
        updated: ++this.#clock,
      })
      const account = `A${this.#random.below(50)}`
      if (this.#random.below(4) === 0) this.#accounts.delete(account)
      else this.#accounts.set(account, { id: account, name: `name ${++this.#clock}` })
      const person = `P${this.#random.below(10)}`
      this.#teams.push({ id: person, team: `team ${this.#random.below(5)}`, since: ++this.#clock })
    }
    this.#products = Array.from({ length: 10 + this.#random.below(30) }, () => this.#product())
  }

  /** The streams whose complete read continues at a page hold still while one is under way. */
  changePaged(): void {
    for (let times = 0; times < 8; times++) {
      const contact = `C${this.#random.below(50)}`
      if (this.#random.below(4) === 0) this.#contacts.delete(contact)
      else this.#contacts.set(contact, { id: contact, email: `${++this.#clock}@example.com` })
    }
    this.#prices = Array.from({ length: 10 + this.#random.below(30) }, () => this.#product())
  }

  /** What the source delivers, by stream, in the order of its cursor. */
  streams(): Readonly<Record<string, readonly Row[]>> {
    const byUpdate = [...this.#deals.values()].toSorted((a, b) => Number(a['updated']) - Number(b['updated']))
    return {
      events: this.#events,
      deals: byUpdate,
      accounts: [...this.#accounts.values()],
      contacts: [...this.#contacts.values()],
      products: this.#products,
      prices: this.#prices,
      teams: this.#teams,
    }
  }

  /** Writes it into the project, whole or not at all. */
  async save(folder: string): Promise<void> {
    const file = path.join(folder, 'world.json')
    await writeFile(`${file}.next`, JSON.stringify(this.streams()))
    await rename(`${file}.next`, file)
  }

  /** A product may come twice: the table has no key, so a row more or less is seen. */
  #product(): Row {
    return { sku: `S${this.#random.below(20)}`, price: `${this.#random.below(100)}.50` }
  }
}
