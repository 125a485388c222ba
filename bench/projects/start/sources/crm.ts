import { decimal, defineSource, integer, text } from 'caudal'

const columns = { id: integer(), name: text(), amount: decimal(18, 2), updated: integer() }

/** Rows of the large stream; the nine others have one row each. */
const large = Number(process.env['BENCH_ROWS'] ?? 1)

function stream(total: number) {
  return {
    columns,
    primaryKey: ['id'] as const,
    cursor: 'updated' as const,
    // Everything is read once; afterwards the position says that there is nothing new.
    read: async function* ({ position }: { readonly position: unknown }) {
      const rowsMax = 10_000
      for (let from = Number(position ?? 0); from < total; from += rowsMax) {
        const ids = Array.from({ length: Math.min(rowsMax, total - from) }, (_, index) => from + index)
        const rows = ids.map((id) => ({
          id,
          name: `deal ${id}`,
          amount: `${id % 997}.25`,
          updated: id,
        }))
        yield { rows, position: from + rows.length }
      }
    },
  }
}

export const crm = defineSource({
  streams: {
    deals: stream(large),
    accounts: stream(1),
    contacts: stream(1),
    leads: stream(1),
    calls: stream(1),
    meetings: stream(1),
    emails: stream(1),
    people: stream(1),
    teams: stream(1),
    stages: stream(1),
  },
})
