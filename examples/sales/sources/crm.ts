import { boolean, decimal, env, integer, rest, text, timestamptz } from 'caudal'

/** What every list of this CRM has: pages that name the next one, and a way to ask for what changed since. */
function list(path: string) {
  return {
    path,
    records: 'data',
    paginate: { kind: 'cursor', path: 'paging.next.after', param: 'after', limit: 1000 },
    primaryKey: 'id',
    cursor: { field: 'updated_at', param: 'updated_since' },
    count: { path: `${path}/count`, field: 'count' },
  } as const
}

export const crm = rest({
  baseUrl: env('CRM_URL'),
  auth: { kind: 'bearer', token: env('CRM_TOKEN') },
  account: { path: 'account', field: 'company', scopes: 'scopes' },
  // A demo moves fast; a company's own CRM is content with 'every 15 minutes'.
  schedule: 'every 5 seconds',
  streams: {
    accounts: {
      ...list('accounts'),
      description: 'Companies we sell to',
      columns: {
        id: integer().notNull(),
        name: text().notNull(),
        country: text().describe('ISO 3166 code of two letters'),
        industry: text(),
        employees: integer(),
        created_at: timestamptz().notNull(),
        updated_at: timestamptz().notNull(),
      },
    },
    leads: {
      ...list('leads'),
      description: 'People who may buy, with the time of each step',
      columns: {
        id: integer().notNull(),
        account_id: integer().notNull(),
        sdr_id: integer().describe('Whose lead it is'),
        source: text().notNull(),
        status: text().notNull(),
        deal_id: integer(),
        created_at: timestamptz().notNull(),
        contacted_at: timestamptz(),
        mql_at: timestamptz(),
        sql_at: timestamptz(),
        converted_at: timestamptz(),
        updated_at: timestamptz().notNull(),
      },
    },
    deals: {
      ...list('deals'),
      description: 'Sales, open and closed',
      columns: {
        id: integer().notNull(),
        name: text().notNull(),
        account_id: integer().notNull(),
        lead_id: integer(),
        sdr_id: integer().describe('Who sourced it'),
        closer_id: integer().describe('Who closes it'),
        stage: text().notNull(),
        amount: decimal(18, 2).describe('In the currency of the deal'),
        currency: text().notNull(),
        is_closed: boolean().notNull(),
        is_won: boolean().notNull(),
        created_at: timestamptz().notNull(),
        closed_at: timestamptz(),
        updated_at: timestamptz().notNull(),
      },
    },
    activities: {
      ...list('activities'),
      description: 'Calls and meetings',
      columns: {
        id: integer().notNull(),
        type: text().notNull(),
        lead_id: integer().notNull(),
        sdr_id: integer().notNull(),
        outcome: text().notNull(),
        starts_at: timestamptz().notNull(),
        updated_at: timestamptz().notNull(),
      },
    },
    emails: {
      ...list('emails'),
      description: 'Messages from and to leads',
      columns: {
        id: integer().notNull(),
        lead_id: integer().notNull(),
        sdr_id: integer().notNull(),
        direction: text().notNull(),
        status: text().notNull(),
        sent_at: timestamptz().notNull(),
        answered_at: timestamptz().describe('When the message was answered'),
        updated_at: timestamptz().notNull(),
      },
    },
  },
})
