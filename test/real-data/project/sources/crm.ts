import path from 'node:path'
import { columns, date, decimal, files, integer, text } from 'caudal'

/** Where the data set lies; by default beside the repository. It is read there and not part of it. */
const data = process.env['CAUDAL_REAL_DATA'] ?? path.join(import.meta.dirname, '../../../../../shared/data')

const file = (name: string): string => path.join(data, 'crm-sales-opportunities', name)

export const crm = files({
  streams: {
    opportunities: {
      path: file('sales_pipeline.csv'),
      primaryKey: ['opportunity_id'],
      columns: columns({
        opportunity_id: text().notNull(),
        sales_agent: text().notNull(),
        product: text().notNull(),
        account: text(),
        deal_stage: text().notNull(),
        engage_date: date(),
        close_date: date(),
        close_value: decimal(18, 2),
      }),
    },
    accounts: {
      path: file('accounts.csv'),
      primaryKey: ['account'],
      columns: columns({
        account: text().notNull(),
        sector: text(),
        year_established: integer(),
        revenue: decimal(18, 2).describe('Millions of dollars'),
        employees: integer(),
        office_location: text(),
        subsidiary_of: text(),
      }),
    },
    products: {
      path: file('products.csv'),
      primaryKey: ['product'],
      columns: columns({ product: text().notNull(), series: text(), sales_price: decimal(18, 2) }),
    },
    agents: {
      path: file('sales_teams.csv'),
      primaryKey: ['sales_agent'],
      columns: columns({ sales_agent: text().notNull(), manager: text(), regional_office: text() }),
    },
  },
})
