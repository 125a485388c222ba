import { DuckDBInstance } from '@duckdb/node-api'

/** Formats of the files. */
export const formats = ['csv', 'ndjson', 'parquet'] as const

/** One of {@link formats}. */
export type Format = (typeof formats)[number]

/** Columns of the files with their types in DuckDB. */
export const columns: Readonly<Record<string, string>> = {
  id: 'BIGINT',
  account: 'VARCHAR',
  owner: 'VARCHAR',
  stage: 'VARCHAR',
  amount: 'DECIMAL(18,2)',
  currency: 'VARCHAR',
  score: 'DOUBLE',
  is_open: 'BOOLEAN',
  closed_on: 'DATE',
  updated_at: 'TIMESTAMPTZ',
  quantity: 'BIGINT',
  note: 'VARCHAR',
}

/** Options of COPY. */
const written: Readonly<Record<Format, string>> = {
  csv: 'FORMAT csv, HEADER',
  ndjson: 'FORMAT json',
  parquet: 'FORMAT parquet, COMPRESSION zstd',
}

/** Writes the same deals as one file of each format: `deals.csv`, … */
export async function writeDeals(folder: string, rows: number): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  await connection.run(`CREATE TABLE deals AS SELECT i AS id, 'Account ' || (i * 7919) % 20011 AS account,
      'sdr-' || i % 199 AS owner, (['new', 'contacted', 'qualified', 'proposal', 'won', 'lost'])[1 + i % 6] AS stage,
      ((i * 104729) % 9000000 / 100)::DECIMAL(18,2) AS amount, (['EUR', 'USD', 'GBP'])[1 + i % 3] AS currency,
      (i % 1000) / 7 AS score, i % 3 = 0 AS is_open, DATE '2025-01-01' + (i % 700)::INT AS closed_on,
      TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL (i * 31) SECOND AS updated_at, i % 17 AS quantity,
      'deal ' || i || ' of the pipeline, seen twice' AS note FROM range(${rows}) t(i)`)
  for (const format of formats)
    await connection.run(`COPY deals TO '${folder}/deals.${format}' (${written[format]})`)
  connection.closeSync()
}
