import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { boolean, date, decimal, defineSource, integer, json, text, timestamptz } from 'caudal'

async function* csv<Row>(file: string, folder: string): AsyncGenerator<Row[]> {
  const [head = '', ...lines] = (await readFile(`${folder}/${file}`, 'utf8')).trimEnd().split('\n')
  const names = head.split(',')
  yield lines.map(
    (line) =>
      Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', convert(cell)])) as Row,
  )
}

function convert(cell: string): string | number | boolean | null {
  if (cell === '') return null
  if (cell === 'true' || cell === 'false') return cell === 'true'
  return /^\d+$/.test(cell) ? Number(cell) : cell
}

export const backoffice = defineSource({
  settings: { folder: 'data/backoffice' },
  streams: {
    sdrs: {
      columns: {
        id: integer().notNull(),
        name: text().notNull(),
        email: text(),
        role: text(),
        is_active: boolean(),
        hired_on: date(),
        left_on: date(),
        updated_at: timestamptz(),
      },
      primaryKey: ['id'],
      read: ({ settings }) => csv('sdrs.csv', settings.folder),
    },
    teams: {
      columns: {
        id: integer().notNull(),
        sdr_id: integer().notNull(),
        team: text().notNull(),
        role: text(),
        valid_from: date().notNull(),
        valid_to: date(),
        updated_at: timestamptz(),
      },
      primaryKey: ['id'],
      read: ({ settings }) => csv('teams.csv', settings.folder),
    },
    quotas: {
      columns: {
        sdr_id: integer().notNull(),
        month: date().notNull(),
        meetings: integer(),
        won_amount_eur: decimal(18, 2),
      },
      primaryKey: ['sdr_id', 'month'],
      read: ({ settings }) => csv('quotas.csv', settings.folder),
    },
    fx_rates: {
      columns: { date: date().notNull(), currency: text().notNull(), eur_per_unit: decimal(12, 4).notNull() },
      primaryKey: ['currency', 'date'],
      read: ({ settings }) => csv('fx_rates.csv', settings.folder),
    },
    product_usage: {
      columns: {
        id: integer().notNull(),
        account_id: integer().notNull(),
        person_id: integer(),
        event: text(),
        properties: json(),
        occurred_at: timestamptz().notNull(),
      },
      primaryKey: ['id'],
      async *read({ settings }) {
        const lines = gunzipSync(await readFile(`${settings.folder}/product_usage.ndjson.gz`)).toString(
          'utf8',
        )
        yield lines
          .trimEnd()
          .split('\n')
          .map(
            (line) =>
              JSON.parse(line) as {
                id: number
                account_id: number
                person_id: number
                event: string
                properties: object
                occurred_at: string
              },
          )
      },
    },
  },
})
