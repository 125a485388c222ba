import type { Company } from '../company/company.ts'
import type { Dice } from '../random.ts'
import type { Rows } from '../rows.ts'
import type { ServedStream, Stores } from './stores.ts'

/** What a tick of the seller did to a record. */
export type Change = {
  readonly [Name in ServedStream]: {
    readonly stream: Name
    readonly operation: 'created' | 'updated'
    readonly row: Rows[Name]
  }
}[ServedStream]

const POOL_MAX = 300

/** Ids of records that something can still happen to; the oldest give way. */
export class Pool {
  #ids: number[] = []

  add(id: number): void {
    this.#ids.push(id)
    if (this.#ids.length > POOL_MAX) this.#ids.shift()
  }

  remove(id: number): void {
    const index = this.#ids.indexOf(id)
    if (index >= 0) this.#ids.splice(index, 1)
  }

  pick(dice: Dice): number | undefined {
    return this.#ids.length === 0 ? undefined : dice.pick(this.#ids)
  }
}

/** The served company as the seller's actions see it: what is open, and how to write. */
export class Market {
  readonly company: Company
  readonly stores: Stores
  readonly leads: Pool = new Pool()
  readonly deals: Pool = new Pool()
  readonly emails: Pool = new Pool()
  /** The open stage entry of every open deal, by deal. */
  readonly stageOf: Map<number, number> = new Map()
  readonly #clock: () => number
  #last: number
  #changes: Change[] = []

  constructor(company: Company, stores: Stores, clock: () => number) {
    this.company = company
    this.stores = stores
    this.#clock = clock
    this.#last = company.world.now * 1000
    for (const lead of company.read('leads')) if (isOpen(lead)) this.leads.add(lead.id)
    for (const email of company.read('emails')) if (isWaiting(email)) this.emails.add(email.id)
    for (const stage of company.read('deal_stages')) {
      if (stage.exited_at !== null || stage.stage.startsWith('closed')) continue
      this.deals.add(stage.deal_id)
      this.stageOf.set(stage.deal_id, stage.id)
    }
  }

  /** The time in milliseconds: the clock's, but later at each call. */
  time(): number {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#clock()))
    return this.#last
  }

  /** Adds a record; its id and `updated_at` are given here. */
  create<Name extends ServedStream>(stream: Name, row: Omit<Rows[Name], 'id' | 'updated_at'>): Rows[Name] {
    return this.#write(stream, 'created', this.stores[stream].nextId(), row)
  }

  /** Replaces a record; its `updated_at` is given here. */
  update<Name extends ServedStream>(stream: Name, row: Rows[Name]): Rows[Name] {
    return this.#write(stream, 'updated', row.id, row)
  }

  /** The changes since they were last taken. */
  takeChanges(): Change[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  #write<Name extends ServedStream>(
    stream: Name,
    operation: Change['operation'],
    id: number,
    values: object,
  ): Rows[Name] {
    const updated_at = new Date(this.time()).toISOString()
    const row = Object.assign({ id }, values, { id, updated_at }) as unknown as Rows[Name]
    this.stores[stream].put(row)
    this.#changes.push({ stream, operation, row } as Change)
    return row
  }
}

export function isOpen(lead: Rows['leads']): boolean {
  return lead.sdr_id !== null && lead.status !== 'converted' && lead.status !== 'disqualified'
}

function isWaiting(email: Rows['emails']): boolean {
  return email.direction === 'outbound' && email.status === 'delivered' && email.answered_at === null
}
