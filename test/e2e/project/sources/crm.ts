import { date, decimal, defineSource, integer, text } from 'caudal'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

interface Lead {
  readonly id: number
  readonly sdr: string
  readonly team: string
  readonly channel: string | null
  readonly stage: string
  readonly amount: `${number}` | null
  readonly enteredOn: `${number}-${number}-${number}`
}

export const crm = defineSource({
  schedule: 'every hour',
  streams: {
    leads: {
      columns: {
        id: integer().notNull(),
        sdr: text().notNull(),
        team: text().notNull(),
        channel: text(),
        stage: text().notNull(),
        amount: decimal(18, 2),
        enteredOn: date().notNull(),
      },
      primaryKey: ['id'],
      read: async function* () {
        const file = path.join(import.meta.dirname, '../input/leads.json')
        yield JSON.parse(await readFile(file, 'utf8')) as Lead[]
      },
    },
  },
})
