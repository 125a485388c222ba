import { rowsPerFile } from '@caudal/spec'
import type { DuckDBConnection } from '@duckdb/node-api'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rows } from '../rows.ts'
import { id, lit } from '../sql.ts'
import { cleanCsv, rawRecord, type CleanCsv } from './csv-clean.ts'
import { cellName, csvColumns, csvValue, dialectOptions, type CsvRead } from './csv.ts'
import { complaintAbout } from './exact.ts'
import { keyColumns, keyMissing, type ReadInput } from './read.ts'

/** Rows whose raw text is fetched at once. */
const rowsPerFetch = 10_000

/**
 * Parts a delimited file into good rows and bad ones. Temporary tables: `_cells_<suffix>` (`_rank`, cells as text) of the rows that are well
 * formed, and `_bad_<suffix>` (line, column_name, reason, raw) of those that are not or hold a value that does not fit.
 * @returns a SELECT of the good rows.
 */
export async function separateCsvRows(
  connection: DuckDBConnection,
  input: ReadInput,
  read: CsvRead,
  index: number,
  suffix: string,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-rows-'))
  try {
    const clean = await cleanCsv(input.file, input.path, read.cells.length, index, folder)
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE _cells_${suffix} AS SELECT * FROM ${goodCells(input, read, clean)}`,
    )
    const columnOf = read.cells.map((cell, at) => `WHEN ${at} THEN ${lit(columnName(read, cell))}`).join(' ')
    await connection.run(`CREATE OR REPLACE TEMP TABLE _bad_${suffix} AS
      SELECT line, CASE cell ${columnOf} END AS column_name, reason, raw FROM ${letters(clean.bad, 'cell')}`)
    await connection.run(`CREATE OR REPLACE TEMP TABLE _misfits_${suffix} AS
      SELECT _rank, _place, _length, misfit.* FROM (SELECT _rank, _place, _length, ${misfitOf(input, read)} AS misfit FROM _cells_${suffix})
      WHERE misfit IS NOT NULL`)
    await addMisfits(connection, input, clean, folder, suffix)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return `SELECT ${csvColumns(input, read)}, _rank AS _caudal_row FROM _cells_${suffix} WHERE _rank NOT IN (SELECT _rank FROM _misfits_${suffix}) ORDER BY _rank`
}

/** SELECT of the keys of the rows in `_bad_<suffix>`; one of NULLs stands for all rows that are not well formed. */
export function separatedKeys(input: ReadInput, read: CsvRead, suffix: string): string {
  const keys = keyColumns(input)
  const values = keys.map(
    (column) => `${csvValue(input, read, column)?.value ?? 'NULL'} AS ${id(column.name)}`,
  )
  return `SELECT ${values.join(', ')} FROM _cells_${suffix} WHERE _rank IN (SELECT _rank FROM _misfits_${suffix})
    UNION ALL SELECT ${keys.map(() => 'NULL').join(', ')} WHERE (SELECT count(*) FROM _bad_${suffix}) > (SELECT count(*) FROM _misfits_${suffix})`
}

/** Drops the temporary tables of {@link separateCsvRows}. */
export async function dropSeparated(connection: DuckDBConnection, suffix: string): Promise<void> {
  for (const name of ['_cells', '_bad', '_misfits'])
    await connection.run(`DROP TABLE IF EXISTS ${name}_${suffix}`)
}

function goodCells(input: ReadInput, read: CsvRead, clean: CleanCsv): string {
  const names = ['_rank', '_place', '_length'].map((name) => `${lit(name)}: 'BIGINT'`)
  const cells = read.cells.map((_cell, index) => `${lit(cellName(index))}: 'VARCHAR'`)
  const size =
    clean.longest > 1_900_000
      ? `, max_line_size = ${clean.longest + 1024}, buffer_size = ${2 * clean.longest + 2048}`
      : ''
  return `read_csv(${lit(clean.good)}, columns = {${[...names, ...cells].join(', ')}}, header = false, new_line = '\\n', ${dialectOptions(input)}${size})`
}

/** SQL: the first column whose value does not fit, and why; NULL when all do. */
function misfitOf(input: ReadInput, read: CsvRead): string {
  const whens = input.columns.flatMap((column) => {
    const cell = csvValue(input, read, column)
    if (cell === undefined) return []
    const { text, value } = cell
    const name = lit(column.name)
    const isKey = input.keys.includes(column.name)
    const missing = isKey
      ? [`WHEN ${text} IS NULL THEN {'column_name': ${name}, 'reason': ${lit(keyMissing)}}`]
      : []
    if (column.type.kind === 'text') return missing
    return [
      ...missing,
      `WHEN ${text} IS NOT NULL AND (${value}) IS NULL THEN {'column_name': ${name}, 'reason': ${complaintAbout(text, column.type)}}`,
    ]
  })
  return whens.length === 0
    ? 'NULL::STRUCT(column_name VARCHAR, reason VARCHAR)'
    : `CASE ${whens.join(' ')} END`
}

async function addMisfits(
  connection: DuckDBConnection,
  input: ReadInput,
  clean: CleanCsv,
  folder: string,
  suffix: string,
): Promise<void> {
  const good = await open(clean.good)
  const misfits = `${folder}/misfits.ndjson`
  try {
    for (let from = 0; ; from += rowsPerFetch) {
      const found = await rows(
        connection,
        `SELECT * FROM _misfits_${suffix} ORDER BY _rank LIMIT ${rowsPerFetch} OFFSET ${from}`,
      )
      if (found.length === 0) return
      let lines = ''
      for (const row of found) {
        const record = {
          rank: Number(row['_rank']),
          place: Number(row['_place']),
          length: Number(row['_length']),
        }
        const raw = await rawRecord(good, record, input.file.text?.delimiter ?? ',')
        lines += `${JSON.stringify({ line: record.rank % rowsPerFile, column_name: row['column_name'], reason: row['reason'], raw })}\n`
      }
      await writeFile(misfits, lines)
      await connection.run(
        `INSERT INTO _bad_${suffix} SELECT line, column_name, reason, raw FROM ${letters(misfits, 'column_name')}`,
      )
    }
  } finally {
    await good.close()
  }
}

function letters(file: string, place: 'cell' | 'column_name'): string {
  const type = place === 'cell' ? 'INTEGER' : 'VARCHAR'
  return `read_json(${lit(file)}, columns = {line: 'BIGINT', ${place}: '${type}', reason: 'VARCHAR', raw: 'VARCHAR'}, format = 'newline_delimited', maximum_object_size = 134217728)`
}

function columnName(read: CsvRead, cell: string): string {
  return [...read.fields].find(([, field]) => field === cell)?.[0] ?? cell
}
