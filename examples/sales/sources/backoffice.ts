import { boolean, columns, date, decimal, files, integer, json, text, timestamptz } from 'caudal'

/** What other departments export into a folder. */
export const backoffice = files({
  schedule: 'every hour',
  streams: {
    sdrs: {
      path: 'data/backoffice/sdrs.csv',
      description: 'Salespeople, those who left too',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        name: text().notNull(),
        email: text(),
        role: text().describe('sdr or closer, as of now'),
        is_active: boolean(),
        hired_on: date(),
        left_on: date(),
        updated_at: timestamptz(),
      }),
    },
    teams: {
      path: 'data/backoffice/teams.csv',
      description: 'Stays in teams, one row each',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        sdr_id: integer().notNull(),
        team: text().notNull(),
        role: text(),
        valid_from: date().notNull(),
        valid_to: date().describe('The day after the last; none while it lasts'),
        updated_at: timestamptz(),
      }),
    },
    quotas: {
      path: 'data/backoffice/quotas.csv',
      description: 'What each SDR should reach per month',
      primaryKey: ['sdr_id', 'month'],
      columns: columns({
        sdr_id: integer().notNull(),
        month: date().notNull().describe('First day of the month'),
        meetings: integer(),
        won_amount_eur: decimal(18, 2),
      }),
    },
    fx_rates: {
      path: 'data/backoffice/fx_rates.csv',
      description: 'Euros per unit of a currency, per day',
      primaryKey: ['currency', 'date'],
      columns: columns({
        date: date().notNull(),
        currency: text().notNull(),
        eur_per_unit: decimal(12, 4).notNull(),
      }),
    },
    product_usage: {
      path: 'data/backoffice/product_usage.ndjson.gz',
      description: 'What accounts did in the product',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        account_id: integer().notNull(),
        person_id: integer(),
        event: text(),
        properties: json(),
        occurred_at: timestamptz().notNull(),
      }),
    },
  },
})
