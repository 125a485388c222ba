import { boolean, date, decimal, env, integer, rest, text, timestamptz } from 'caudal'

/** Deals from the server of the benchmark. */
export const crm = rest({
  baseUrl: env('BENCH_URL'),
  streams: {
    deals: {
      path: 'deals',
      records: 'data',
      primaryKey: 'id',
      paginate: { kind: 'offset', limit: 100, total: 'total', overlap: 0 },
      columns: {
        id: integer().notNull(),
        name: text(),
        stage: text(),
        amount: decimal(18, 2),
        probability: integer(),
        owner_id: integer(),
        account_id: integer(),
        is_won: boolean(),
        closes_on: date(),
        updated_at: timestamptz(),
      },
    },
  },
})
