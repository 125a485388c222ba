import { boolean, columns, date, decimal, double, files, integer, text, timestamptz } from 'caudal'

const { BENCH_FILE = 'deals.csv' } = process.env

export const exported = files({
  streams: {
    deals: {
      path: BENCH_FILE,
      disposition: 'replace',
      columns: columns({
        id: integer(),
        account: text(),
        owner: text(),
        stage: text(),
        amount: decimal(18, 2),
        currency: text(),
        score: double(),
        is_open: boolean(),
        closed_on: date(),
        updated_at: timestamptz(),
        quantity: integer(),
        note: text(),
      }),
    },
  },
})
