import { CaudalError, type Column, type TextFormat } from '@caudal/spec'
import { plainChunks } from '../find/examine.ts'
import type { Compression } from '../find/kind.ts'
import { ColumnTable } from './column-table.ts'
import { CsvRecords, type CsvDialect, type CsvRecord } from './csv-records.ts'
import { detectDelimiter } from './delimiter.ts'
import { decoderOf, encodingOf, type Decoder } from './encoding.ts'
import { readPieces } from './pieces.ts'
import type { FileProfile } from './profile.ts'

/** What is known of a delimited file before it is looked at. */
export interface CsvQuestion {
  readonly path: string
  readonly name: string
  readonly compression: Compression | undefined
  readonly text: TextFormat
  /** The column that is declared for a field, if one is. */
  readonly declared: (field: string) => Column | undefined
}

/**
 * Looks at a delimited file: delimiter, header, types, and how numbers and dates are written. What the sample leaves open is looked for in
 * the whole column; what even that leaves open is told as an ambiguity.
 * @throws CaudalError `CAUDAL_FILE_HEADER`, `CAUDAL_FILE_DELIMITER`.
 */
export async function profileCsv(question: CsvQuestion): Promise<FileProfile> {
  const { head, isWhole, others } = await readPieces(question.path, question.name, question.compression)
  const encoding = encodingOf(head, question.text.encoding)
  const text = decoderOf(head, encoding).decode(head, { stream: !isWhole })
  const quote = question.text.quote ?? '"'
  const dialect = { delimiter: question.text.delimiter ?? detectDelimiter(text, quote, question.name), quote }
  const cutter = new CsvRecords(dialect)
  const records = isWhole ? [...cutter.push(text), ...cutter.end()] : cutter.push(text)
  const fields = fieldsOf(records, question)
  const table = new ColumnTable(fields, (field) => ({
    declared: question.declared(field),
    written: { ...question.text, ...question.text.columns?.[field] },
  }))
  const data = question.text.header === false ? records : records.slice(1)
  for (const record of data) table.note(record)
  for (const piece of others) {
    const part = decoderOf(head, encoding).decode(piece, { stream: true })
    for (const record of pieceRecords(part, dialect, fields.length)) table.note(record)
  }
  if (!isWhole) await noteWholeColumns(table, question, dialect, decoderOf(head, encoding))
  return { fields: table.profiles(), text: { ...question.text, delimiter: dialect.delimiter, encoding } }
}

/** Reads on through the file for the columns that the sample leaves open, until all are decided. */
async function noteWholeColumns(
  table: ColumnTable,
  question: CsvQuestion,
  dialect: CsvDialect,
  decoder: Decoder,
): Promise<void> {
  const open = table.ambiguous()
  if (open.length === 0) return
  table.restart(open)
  const cutter = new CsvRecords(dialect)
  const hasHeader = question.text.header !== false
  const note = (records: readonly CsvRecord[]): void => {
    for (const record of records) if (record.line > 1 || !hasHeader) table.note(record, open)
  }
  for await (const chunk of plainChunks(question.path, question.name, question.compression)) {
    note(cutter.push(decoder.decode(chunk, { stream: true })))
    if (table.isDecided(open)) return
  }
  note(cutter.end())
}

/** Records of a piece that began anywhere: those that are as wide as the header. */
function pieceRecords(text: string, dialect: CsvDialect, width: number): CsvRecord[] {
  const start = text.indexOf('\n') + 1
  return new CsvRecords(dialect, 0).push(text.slice(start)).filter((record) => record.cells.length === width)
}

/** The header's cells; without a header, names by position. A cell without a name is named by its position too. */
function fieldsOf(records: readonly CsvRecord[], question: CsvQuestion): string[] {
  const [first] = records
  if (first === undefined) return []
  if (question.text.header === false) return first.cells.map((_cell, index) => `column_${index + 1}`)
  const fields = first.cells.map((cell, index) => (cell.trim() === '' ? `column_${index + 1}` : cell))
  const double = fields.findIndex((field, index) => fields.indexOf(field) !== index)
  if (double === -1) return fields
  const field = fields[double] ?? ''
  throw new CaudalError({
    code: 'CAUDAL_FILE_HEADER',
    message: `${question.name}, line ${first.line}: the header names \`${field}\` twice, in columns ${fields.indexOf(field) + 1} and ${double + 1}. Nothing was loaded.`,
    hint: 'Give one of them another name in the file; or declare all columns in order, with text: { header: false }, and remove the header.',
    context: { file: question.name, line: first.line, field },
  })
}
