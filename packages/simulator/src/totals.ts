import { type Company, createCompany } from './company/company.ts'
import { decimal } from './company/deals.ts'
import type { CompanyOptions } from './company/world.ts'
import type { DealRow, EmailRow, LeadRow } from './rows.ts'

/** Exact decimals such as `12345.60`, by currency; a currency without a sale is absent. */
export type Amounts = Readonly<Record<string, string>>

/** What one SDR did, or what nobody is credited with. */
export interface SdrTotals {
  /** Leads owned. */
  readonly leads: number
  /** Leads owned that became deals. */
  readonly convertedLeads: number
  /** Outbound messages. */
  readonly emailsSent: number
  /** Outbound messages that got an answer. */
  readonly emailsAnswered: number
  /** Deals sourced (`sdr_id`), whatever their stage. */
  readonly deals: number
  /** Deals sourced that are won. */
  readonly wonDeals: number
  readonly wonAmount: Amounts
}

/** Truths about a company, to compare with what was loaded and computed from it. */
export interface Totals extends SdrTotals {
  /** By SDR id, as a string; `none` holds what has no SDR. SDRs with nothing at all are absent. */
  readonly bySdr: Readonly<Record<string, SdrTotals>>
}

/** The streams that totals are computed from. */
export interface TotalsInput {
  readonly leads: Iterable<LeadRow>
  readonly deals: Iterable<DealRow>
  readonly emails: Iterable<EmailRow>
}

/** The totals of a company, computed from its generated records and by no other program. */
export function totals(options: CompanyOptions): Totals {
  return totalsOfCompany(createCompany(options))
}

/** The same of a company that exists. */
export function totalsOfCompany(company: Company): Totals {
  return totalsOf({
    leads: company.read('leads'),
    deals: company.read('deals'),
    emails: company.read('emails'),
  })
}

/** The totals of any rows. */
export function totalsOf({ leads, deals, emails }: TotalsInput): Totals {
  const all = new Tally()
  const tallies = new Map<string, Tally>()
  const both = (sdrId: number | null): readonly [Tally, Tally] => {
    const key = sdrId === null ? 'none' : String(sdrId)
    const tally = tallies.get(key) ?? new Tally()
    tallies.set(key, tally)
    return [all, tally]
  }
  for (const lead of leads) for (const tally of both(lead.sdr_id)) tally.addLead(lead)
  for (const deal of deals) for (const tally of both(deal.sdr_id)) tally.addDeal(deal)
  for (const email of emails) for (const tally of both(email.sdr_id)) tally.addEmail(email)
  return {
    ...all.totals(),
    bySdr: Object.fromEntries([...tallies].map(([key, tally]) => [key, tally.totals()])),
  }
}

class Tally {
  #counts = { leads: 0, convertedLeads: 0, emailsSent: 0, emailsAnswered: 0, deals: 0, wonDeals: 0 }
  #cents = new Map<string, number>()

  addLead(lead: LeadRow): void {
    this.#counts.leads++
    if (lead.converted_at !== null) this.#counts.convertedLeads++
  }

  addDeal(deal: DealRow): void {
    this.#counts.deals++
    if (!deal.is_won) return
    this.#counts.wonDeals++
    const cents = Number((deal.amount ?? '0.00').replace('.', ''))
    this.#cents.set(deal.currency, (this.#cents.get(deal.currency) ?? 0) + cents)
  }

  addEmail(email: EmailRow): void {
    if (email.direction !== 'outbound') return
    this.#counts.emailsSent++
    if (email.answered_at !== null) this.#counts.emailsAnswered++
  }

  totals(): SdrTotals {
    const amounts = [...this.#cents].map(([currency, cents]) => [currency, decimal(cents)])
    return { ...this.#counts, wonAmount: Object.fromEntries(amounts) as Amounts }
  }
}
