import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { declared, type BadFile } from './bad-file.ts'

const many = Array.from({ length: 50_000 }, (_, index) => `${index},${index}.50\n`).join('')
const packed = gzipSync(`id,amount\n${many}`)
const packedZstd = zstdCompressSync(`id,amount\n${many}`)

const workbook = readFileSync(
  path.join(import.meta.dirname, '../../../../adapters/files/test/excel/fixtures/openpyxl.xlsx'),
)

/** JSON, packed files, Parquet, workbooks, and paths that lead nowhere. */
export const otherFiles: readonly BadFile[] = [
  {
    what: 'a byte order mark before JSON lines is accepted',
    file: 'mark.ndjson',
    content: '\uFEFF{"id":1}\n{"id":2}\n',
    select: 'id',
    rows: [['1'], ['2']],
  },
  {
    what: 'an empty JSON file is refused',
    file: 'empty.json',
    content: '',
    error: { code: 'CAUDAL_FILE_EMPTY', says: ['in/empty.json'] },
  },
  { what: 'JSON lines without any line are no error', file: 'empty.ndjson', content: '', options: declared },
  {
    what: 'gzip that was cut is refused, and no row of it is loaded',
    file: 'cut.csv.gz',
    content: packed.subarray(0, Math.floor(packed.length * 0.6)),
    error: { code: 'CAUDAL_FILE_CUT', says: ['in/cut.csv.gz', 'gzip'] },
  },
  {
    what: 'zstd that was cut is refused, and no row of it is loaded',
    file: 'cut.csv.zst',
    content: packedZstd.subarray(0, Math.floor(packedZstd.length * 0.6)),
    error: { code: 'CAUDAL_FILE_CUT', says: ['in/cut.csv.zst', 'zstd'] },
  },
  {
    what: 'gzip and zstd that are whole are loaded',
    file: 'whole.csv.gz',
    content: packed,
    select: 'count(*), sum(amount)',
    rows: [['50000', '1250000000.00']],
  },
  {
    what: 'Parquet that is none is refused',
    file: 'corrupt.parquet',
    content: 'PAR1 but not really',
    error: { code: 'CAUDAL_FILE_PARQUET', says: ['in/corrupt.parquet'] },
  },
  {
    what: 'a JSON array where lines were declared is refused',
    file: 'array.ndjson',
    content: '[{"id":1},\n{"id":2}]\n',
    options: "format: 'ndjson'",
    error: { code: 'CAUDAL_FILE_JSON_SHAPE', says: ['in/array.ndjson, line 1', 'one JSON array'] },
  },
  {
    what: 'a JSON array and JSON lines are told apart by their content',
    file: 'array-2.ndjson',
    content: '[{"id":1},\n{"id":2}]\n',
    select: 'id',
    rows: [['1'], ['2']],
  },
  {
    what: 'lines in a .json file are read as lines',
    file: 'lines.json',
    content: '{"id":1}\n{"id":2}\n',
    select: 'id',
    rows: [['1'], ['2']],
  },
  {
    what: 'broken JSON lines become dead letters by their lines',
    file: 'broken.ndjson',
    content: '{"id":1}\n\n{"id":2\n[3]\n{"id":"x"}\n{"id":5}\n',
    options: 'columns: columns({ id: integer() })',
    select: 'id',
    rows: [['1'], ['5']],
    letters: [
      ['3', null, '{"id":2'],
      ['4', null, '[3]'],
      ['5', 'id', '{"id":"x"}'],
    ],
  },
  {
    what: 'a JSON array that breaks off is refused',
    file: 'broken.json',
    content: '[{"id":1},{"id":2},',
    error: { code: 'CAUDAL_FILE_CUT', says: ['in/broken.json'] },
  },
  {
    what: 'HTML in place of JSON is refused by its title',
    file: 'page.json',
    content: '<!doctype html>\n<html><head><title>Sign in</title></head></html>\n',
    error: { code: 'CAUDAL_FILE_NOT_JSON', says: ['in/page.json, line 1', 'HTML', '"Sign in"'] },
  },
  {
    what: 'HTML in place of CSV is refused by its title',
    file: 'page.csv',
    content: '<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n',
    error: { code: 'CAUDAL_FILE_PAGE', says: ['in/page.csv, line 1', '"Sign in"'] },
  },
  {
    what: 'a sheet of a workbook is loaded with exact types',
    file: 'book.xlsx',
    content: workbook,
    options: "sheet: 'Deals'",
    select: 'id, monto, cerrado, visto, ganado, codigo, typeof(monto), typeof(codigo)',
    rows: [
      ['1', '1234.5600000', '2026-12-31', '2026-03-29T02:30:15', true, '00123', 'DECIMAL(18,7)', 'VARCHAR'],
      ['2', '0.3000000', '2026-02-01', '2026-03-29T00:00:00', false, '00124', 'DECIMAL(18,7)', 'VARCHAR'],
      ['3', '-0.0000001', null, null, null, null, 'DECIMAL(18,7)', 'VARCHAR'],
    ],
  },
  {
    what: 'a sheet that a workbook does not have is refused with the near one',
    file: 'sheet.xlsx',
    content: workbook,
    options: "sheet: 'deals'",
    error: { code: 'CAUDAL_FILE_SHEET', says: ['in/sheet.xlsx', 'Did you mean `Deals`?'] },
  },
  {
    what: 'a workbook that was cut is refused',
    file: 'cut.xlsx',
    content: workbook.subarray(0, 3000),
    error: { code: 'CAUDAL_FILE_EXCEL', says: ['in/cut.xlsx'] },
  },
  {
    what: 'a workbook of the old kind is refused with the mend',
    file: 'old.xlsx',
    content: Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    error: { code: 'CAUDAL_FILE_EXCEL', says: ['in/old.xlsx', '.xls'] },
  },
  {
    what: 'long numbers in JSON keep every digit',
    file: 'long-numbers.ndjson',
    content: '{"id":9007199254740993,"price":0.12345678901234567}\n',
    select: 'id, price',
    rows: [['9007199254740993', '0.12345678901234567']],
  },
  {
    what: 'a path without a file is refused with the near one',
    file: 'near.csv',
    content: 'id\n1\n',
    path: 'in/naer.csv',
    error: { code: 'CAUDAL_FILE_NOT_FOUND', says: ['in/naer.csv', 'Did you mean `near.csv`?'] },
  },
  {
    what: 'a pattern without a file is refused',
    file: 'one.txt',
    content: 'x',
    path: 'in/nothing-*.csv',
    error: { code: 'CAUDAL_FILE_NOT_FOUND', says: ['in/nothing-*.csv'] },
  },
  {
    what: 'a name that tells no format is refused',
    file: 'data.bin',
    content: 'id\n1\n',
    error: { code: 'CAUDAL_FILE_KIND', says: ['in/data.bin'] },
  },
]
