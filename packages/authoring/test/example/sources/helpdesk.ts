import { decimal, defineSource, env, integer, text, timestamptz } from '@caudal/authoring'

interface Ticket {
  id: number
  subject: string | null
  agent: string
  refund: string | null
  updatedAt: string
}

export const helpdesk = defineSource({
  settings: { url: env('HELPDESK_URL'), token: env('HELPDESK_TOKEN') },
  schedule: 'every 15 minutes',
  streams: {
    tickets: {
      columns: {
        id: integer().notNull(),
        subject: text(),
        agent: text().notNull(),
        refund: decimal(18, 2).describe('What the customer got back'),
        updatedAt: timestamptz().notNull(),
      },
      primaryKey: ['id'],
      cursor: 'updatedAt',
      async *read({ position, signal, settings }) {
        for (let since = String(position ?? ''); ;) {
          const response = await fetch(`${settings.url}/tickets?since=${encodeURIComponent(since)}`, {
            headers: { authorization: `Bearer ${settings.token}` },
            signal,
          })
          if (!response.ok) throw new Error(`The help desk answered ${response.status}`)
          const tickets = (await response.json()) as Ticket[]
          const last = tickets.at(-1)
          if (last === undefined) return
          since = last.updatedAt
          yield { rows: tickets, position: since, origin: response.url }
        }
      },
    },
  },
})
