import { columns, decimal, files, integer, text, timestamptz } from 'caudal'

/**
 * Four exports of a CRM. To read the CRM itself, replace `files` by `rest({ baseUrl, auth, streams })`: while the streams keep
 * their names and columns, nothing else changes.
 */
export const crm = files({
  schedule: 'every 15 minutes',
  streams: {
    sdrs: {
      path: 'input/sdrs.csv',
      primaryKey: ['id'],
      columns: columns({ id: integer().notNull(), name: text().notNull(), team: text() }),
    },
    leads: {
      path: 'input/leads.csv',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        sdr_id: integer(),
        source: text().notNull(),
        created_at: timestamptz().notNull(),
        qualified_at: timestamptz(),
        converted_at: timestamptz().describe('When it became a deal'),
      }),
    },
    emails: {
      path: 'input/emails.csv',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        sdr_id: integer().notNull(),
        sent_at: timestamptz().notNull(),
        answered_at: timestamptz(),
      }),
    },
    deals: {
      path: 'input/deals.csv',
      primaryKey: ['id'],
      columns: columns({
        id: integer().notNull(),
        customer: text().notNull(),
        lead_id: integer(),
        sdr_id: integer().describe('Who sourced it'),
        stage: text().notNull(),
        amount: decimal(18, 2).describe('Euros'),
        created_at: timestamptz().notNull(),
        closed_at: timestamptz(),
      }),
    },
  },
})
