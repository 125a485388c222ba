import type { JsonValue } from '@caudal/spec'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'

/** A file that a stream `data` reads, and what must come of it. */
export interface BadFile {
  readonly what: string
  readonly file: string
  readonly content: string | Uint8Array
  /** Default: the file. */
  readonly path?: string
  /** Options of the stream, as code. */
  readonly options?: string
  /** Absent: the run of the source is green. */
  readonly error?: { readonly code: string; readonly says: readonly string[] }
  /** Columns that are looked at. Default: all. */
  readonly select?: string
  readonly rows?: readonly (readonly JsonValue[])[]
  /** Line, column, raw text. */
  readonly letters?: readonly (readonly JsonValue[])[]
}

const declared = 'columns: columns({ id: integer(), amount: decimal(18, 2) })'
const many = Array.from({ length: 50_000 }, (_, index) => `${index},${index}.50\n`).join('')
const packed = gzipSync(`id,amount\n${many}`)
const packedZstd = zstdCompressSync(`id,amount\n${many}`)

const workbook = readFileSync(
  path.join(import.meta.dirname, '../../../../adapters/files/test/excel/fixtures/openpyxl.xlsx'),
)

/** Every kind of bad file that is promised to be told, and near kinds that must not be. */
export const badFiles: readonly BadFile[] = [
  {
    what: 'Latin text that was not declared is refused by its line',
    file: 'latin.csv',
    content: Buffer.from('id,name\n1,Ana\n2,Jos\xe9\n', 'latin1'),
    error: { code: 'CAUDAL_FILE_ENCODING', says: ['in/latin.csv, line 3', 'José'] },
  },
  {
    what: 'Windows-1252 that was declared is read',
    file: 'declared-latin.csv',
    content: Buffer.from('id;name\n1;\x80 Jos\xe9\n', 'latin1'),
    options: "text: { encoding: 'windows-1252' }",
    select: 'id, name',
    rows: [['1', '€ José']],
  },
  {
    what: 'UTF-16 from Excel is read by its mark',
    file: 'wide.csv',
    content: Buffer.from('\uFEFFid\tname\r\n1\tJosé\r\n', 'utf16le'),
    select: 'id, name',
    rows: [['1', 'José']],
  },
  {
    what: 'UTF-16 in the other byte order is read by its mark',
    file: 'wide-be.csv',
    content: Buffer.from('\uFEFFid\tname\r\n1\tJosé\r\n', 'utf16le').swap16(),
    select: 'id, name',
    rows: [['1', 'José']],
  },
  {
    what: 'UTF-16 without a mark is refused with the mend',
    file: 'wide-bare.csv',
    content: Buffer.from('id,name\n1,x\n', 'utf16le'),
    error: { code: 'CAUDAL_FILE_ENCODING', says: ['in/wide-bare.csv, line 1', 'UTF-16'] },
  },
  {
    what: 'a byte order mark is no part of the first column',
    file: 'mark.csv',
    content: '\uFEFFid,amount\n1,2.50\n',
    select: 'id, amount',
    rows: [['1', '2.50']],
  },
  {
    what: 'a byte order mark before JSON lines is accepted',
    file: 'mark.ndjson',
    content: '\uFEFF{"id":1}\n{"id":2}\n',
    select: 'id',
    rows: [['1'], ['2']],
  },
  {
    what: 'ragged rows become dead letters',
    file: 'ragged.csv',
    content: 'id,amount\n1,1.50\n2\n3,2.50,extra\n4,3.50\n',
    options: declared,
    select: 'id, amount',
    rows: [
      ['1', '1.50'],
      ['4', '3.50'],
    ],
    letters: [
      ['3', 'amount', '2'],
      ['4', null, '3,2.50,extra'],
    ],
  },
  {
    what: 'an unclosed quote costs its own line',
    file: 'quote.csv',
    content: 'id,name\n1,"a\n2,b\n3,c\n',
    select: 'id, name',
    rows: [
      ['2', 'b'],
      ['3', 'c'],
    ],
    letters: [['2', null, '1,"a']],
  },
  {
    what: 'a line of 100 MB is refused by its number',
    file: 'long.csv',
    content: Buffer.concat([
      Buffer.from('id,name\n1,a\n2,'),
      Buffer.alloc(100_000_000, 'x'),
      Buffer.from('\n3,c\n'),
    ]),
    options: 'columns: columns({ id: integer(), name: text() })',
    error: { code: 'CAUDAL_LOAD_LINE_TOO_LONG', says: ['in/long.csv, line 3', '16777216 bytes'] },
  },
  {
    what: 'an empty file is refused',
    file: 'empty.csv',
    content: '',
    error: { code: 'CAUDAL_FILE_EMPTY', says: ['in/empty.csv'] },
  },
  {
    what: 'an empty JSON file is refused',
    file: 'empty.json',
    content: '',
    error: { code: 'CAUDAL_FILE_EMPTY', says: ['in/empty.json'] },
  },
  { what: 'JSON lines without any line are no error', file: 'empty.ndjson', content: '', options: declared },
  {
    what: 'a header alone makes a table without rows',
    file: 'header.csv',
    content: 'id,amount\n',
    select: 'id, amount',
  },
  {
    what: 'a header that names a column twice is refused by both places',
    file: 'double.csv',
    content: 'id,amount,id\n1,2,3\n',
    error: { code: 'CAUDAL_FILE_HEADER', says: ['in/double.csv, line 1', '`id` twice, in columns 1 and 3'] },
  },
  {
    what: 'two headers that become one column are refused with both',
    file: 'collision.csv',
    content: 'Deal Id,deal_id\n1,2\n',
    error: { code: 'CAUDAL_NAME_COLLISION', says: ['in/collision.csv', '`Deal Id` and `deal_id`'] },
  },
  {
    what: 'columns without a name are kept under their position',
    file: 'unnamed.csv',
    content: ',id,\n0,1,x\n1,2,\n',
    select: 'column_1, id, column_3',
    rows: [
      ['0', '1', 'x'],
      ['1', '2', null],
    ],
  },
  {
    what: 'an ambiguous number is refused with both readings',
    file: 'number.csv',
    content: 'id,amount\n1,1.234\n2,5\n',
    error: {
      code: 'CAUDAL_FILE_AMBIGUOUS',
      says: [
        'in/number.csv, line 2, column `amount`',
        '"1.234" is 1.234',
        'or 1234',
        "decimalSeparator: ','",
      ],
    },
  },
  {
    what: 'an ambiguous date is refused with both readings, also where its type is declared',
    file: 'date.csv',
    content: 'id,day\n1,03/04/2026\n2,05/06/2026\n',
    options: 'columns: columns({ id: integer(), day: date() })',
    error: {
      code: 'CAUDAL_FILE_AMBIGUOUS',
      says: ['in/date.csv, line 2, column `day`', '"03/04/2026"', 'day, month, year', 'month, day, year'],
    },
  },
  {
    what: 'one value far down the column decides it',
    file: 'decided.csv',
    content: `id,day,amount\n${'1,03/04/2026,1.234\n'.repeat(60_000)}2,31/12/2026,"1.234,5"\n${'1,03/04/2026,1.234\n'.repeat(60_000)}`,
    select: 'count(*), max(day), max(amount), min(day)',
    rows: [['120001', '2026-12-31', '1234.5', '2026-04-03']],
  },
  {
    what: 'a number in the middle that a sampled integer does not hold widens it to a decimal',
    file: 'middle.csv',
    content: `id,amount\n${'1,7\n'.repeat(200_000)}2,7.25\n${'1,7\n'.repeat(200_000)}`,
    select: 'max(amount), typeof(max(amount))',
    rows: [['7.25', 'DECIMAL(18,2)']],
  },
  {
    what: 'a text in the middle of a sampled integer makes the column text, and nothing is lost',
    file: 'middle-text.csv',
    content: `id,amount\n${'1,7\n'.repeat(200_000)}2,n/a\n${'1,7\n'.repeat(200_000)}`,
    select: "count(*), count(*) FILTER (WHERE amount = 'n/a')",
    rows: [['400001', '1']],
  },
  {
    what: 'a text in the middle of a declared decimal is a dead letter by its line',
    file: 'middle-declared.csv',
    content: `id,amount\n${'1,7.00\n'.repeat(1000)}2,n/a\n${'1,7.00\n'.repeat(1000)}`,
    options: declared,
    select: 'count(*)',
    rows: [['2000']],
    letters: [['1002', 'amount', '2,n/a']],
  },
  {
    what: 'too many bad rows refuse the file',
    file: 'share.csv',
    content: `id,amount\n${'1,7.00\n'.repeat(100)}${'2,n/a\n'.repeat(20)}`,
    options: declared,
    error: {
      code: 'CAUDAL_LOAD_BAD_SHARE',
      says: ['in/share.csv, line 102, column amount', '20 of 120 rows'],
    },
  },
  {
    what: 'keys that come twice become one row, the later one',
    file: 'keys.csv',
    content: 'id,amount\n1,1.00\n2,2.00\n1,3.00\n',
    options: `${declared}, primaryKey: ['id']`,
    select: 'id, amount',
    rows: [
      ['1', '3.00'],
      ['2', '2.00'],
    ],
  },
  {
    what: 'a row without its key is a dead letter',
    file: 'keyless.csv',
    content: 'id,amount\n1,1.00\n,2.00\n',
    options: `${declared}, primaryKey: ['id']`,
    select: 'id, amount',
    rows: [['1', '1.00']],
    letters: [['3', 'id', ',2.00']],
  },
  {
    what: 'a file without the column of the key is refused with the near one',
    file: 'missing.csv',
    content: 'idd,amount\n1,1.00\n',
    options: `${declared}, primaryKey: ['id']`,
    error: {
      code: 'CAUDAL_FILE_COLUMN_MISSING',
      says: ['in/missing.csv, line 1', 'no column `id`', 'Did you mean `idd`?'],
    },
  },
  {
    what: 'a new column in a frozen stream refuses the file',
    file: 'frozen.csv',
    content: 'id,amount,note\n1,1.00,x\n',
    options: `${declared}, contract: { columns: 'freeze' }`,
    error: { code: 'CAUDAL_LOAD_SCHEMA_FROZEN', says: ['in/frozen.csv', '`note`'] },
  },
  {
    what: 'columns in another order and new ones are taken by name',
    file: 'order.csv',
    content: 'note,amount,id\nx,1.00,1\n',
    options: declared,
    select: 'id, amount, note',
    rows: [['1', '1.00', 'x']],
  },
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
    what: 'zeros in front, plus signs and exponents keep a column text',
    file: 'codes.csv',
    content: 'zip,phone,big\n01234,+34600,1.5e10\n28001,+34601,2\n',
    select: 'zip, phone, big',
    rows: [
      ['01234', '+34600', '1.5e10'],
      ['28001', '+34601', '2'],
    ],
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
