import { boolean, decimal, defineSource, integer, text, timestamptz } from 'caudal'

const columns = {
  id: integer().notNull(),
  owner_id: integer(),
  account_id: integer(),
  name: text(),
  stage: text(),
  country: text(),
  amount: decimal(18, 2),
  score: integer(),
  is_won: boolean(),
  created_at: timestamptz().notNull(),
  closed_at: timestamptz(),
  updated_at: timestamptz().notNull(),
}

/** Twenty rows, read once: what is measured is the project, not its data. */
const stream = {
  columns,
  primaryKey: ['id'] as const,
  cursor: 'updated_at' as const,
  async *read({ position }: { readonly position: unknown }) {
    const at = new Date('2026-03-01T10:00:00Z')
    if (position !== undefined) return
    const rows = Array.from({ length: 20 }, (_, id) => ({
      id,
      owner_id: id % 3,
      account_id: id % 7,
      name: `deal ${id}`,
      stage: id % 2 === 0 ? 'won' : 'open',
      country: 'ES',
      amount: `${id}.25`,
      score: id,
      is_won: id % 2 === 0,
      created_at: at,
      closed_at: at,
      updated_at: at,
    }))
    yield { rows, position: 20 }
  },
}

export const crm = defineSource({
  streams: {
    deals: stream,
    leads: stream,
    contacts: stream,
    accounts: stream,
    calls: stream,
    meetings: stream,
    emails: stream,
    quotes: stream,
    invoices: stream,
    tickets: stream,
  },
})
