import { decimal, defineSource, integer, text, timestamptz } from 'caudal'

const total = Number(process.env['BENCH_ROWS'] ?? 1_000_000)
const rowsPerBatch = 1_000
const kinds = ['call', 'email', 'meeting', 'linkedin', 'demo']
const countries = ['ES', 'MX', 'AR', 'CO', 'CL', 'PE']
const dayMs = 86_400_000
const today = Math.floor(Date.now() / dayMs) * dayMs

const columns = {
  id: integer().notNull(),
  kind: text().notNull(),
  sdr: text().notNull(),
  team: text().notNull(),
  country: text().notNull(),
  account: integer().notNull(),
  minutes: integer().notNull(),
  amount: decimal(18, 2).notNull(),
  at: timestamptz().notNull(),
}

function row(id: number) {
  return {
    id,
    kind: kinds[id % kinds.length] ?? 'call',
    sdr: `sdr-${(id * 7919) % 60}`,
    team: `team-${(id * 7919) % 6}`,
    country: countries[(id * 104_729) % countries.length] ?? 'ES',
    account: (id * 15_485_863) % 50_000,
    minutes: id % 90,
    amount: `${id % 5_000}.50`,
    at: new Date(today - (id % 365) * dayMs + (id % 86_400) * 1000),
  }
}

async function* rowsFrom(first: number, count: number) {
  for (let from = first; from < first + count; from += rowsPerBatch) {
    const length = Math.min(rowsPerBatch, first + count - from)
    yield Array.from({ length }, (_, index) => row(from + index))
  }
}

/** Activities that tiles show. Each read brings one more. */
export const crm = defineSource({
  streams: {
    activities: {
      columns,
      primaryKey: ['id'],
      cursor: 'id',
      read: async function* ({ position }) {
        const first = Number(position ?? 0)
        const count = first === 0 ? total : 1
        for await (const rows of rowsFrom(first, count)) {
          yield { rows, position: (rows.at(-1)?.id ?? first) + 1 }
        }
      },
    },
  },
})

/** What loads while tiles are looked at. */
export const other = defineSource({
  streams: { events: { columns, read: () => rowsFrom(0, total) } },
})
