import { boolean, date, decimal, defineSource, double, integer, text, timestamptz } from 'caudal'

const total = Number(process.env['BENCH_ROWS'] ?? 1_000_000)
const rowsPerBatch = 1_000
const stages = ['new', 'contacted', 'qualified', 'proposal', 'won', 'lost']
const firstDay = Date.UTC(2025, 0, 1)

const columns = {
  id: integer(),
  account: text(),
  owner: text(),
  stage: text(),
  amount: decimal(18, 2),
  score: double(),
  is_open: boolean(),
  closed_on: date(),
  updated_at: timestamptz(),
  note: text(),
}

function row(id: number) {
  const at = new Date(firstDay + id * 31_000)
  const updated = at.toISOString()
  return {
    id,
    account: `account-${id % 20_011}`,
    owner: `sdr-${id % 199}`,
    stage: stages[id % stages.length] ?? 'new',
    amount: `${id % 90_000}.${10 + (id % 90)}`,
    score: (id % 1_000) / 7,
    is_open: id % 3 === 0,
    closed_on: updated.slice(0, 10),
    updated_at: updated,
    note: `deal ${id} of the pipeline`,
  }
}

async function* read() {
  for (let from = 0; from < total; from += rowsPerBatch) {
    yield Array.from({ length: Math.min(rowsPerBatch, total - from) }, (_, index) => row(from + index))
  }
}

/** The same records twice: as rows that replace the table, and merged by their key. */
export const app = defineSource({
  streams: {
    deals: { columns, read },
    deals_by_key: { columns, primaryKey: ['id'], read },
  },
})
