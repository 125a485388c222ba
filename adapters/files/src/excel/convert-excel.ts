import { CaudalError } from '@caudal/spec'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { readHead } from '../find/examine.ts'
import { Archive } from './archive.ts'
import { readSheet, type SheetRow } from './sheet-rows.ts'
import { chooseSheet, readSharedStrings, readStyles, readWorkbook } from './workbook.ts'

/** A workbook that is to be converted. */
export interface ExcelQuestion {
  readonly path: string
  readonly name: string
  /** Default: the first. */
  readonly sheet: string | undefined
  /** Folder for what is written. */
  readonly folder: string
}

/**
 * Writes a sheet as comma-separated UTF-8 text, reading it row by row: lines are the sheet's rows (but for line breaks inside cells), numbers
 * have a decimal point, dates and times are ISO 8601.
 * @returns path of the text.
 * @throws CaudalError `CAUDAL_FILE_EXCEL` (no workbook, or a damaged one), `CAUDAL_FILE_SHEET`.
 */
export async function convertExcel(question: ExcelQuestion): Promise<string> {
  const head = await readHead(question.path, question.name)
  if (head.subarray(0, 4).toString('hex') === 'd0cf11e0')
    throw noWorkbook(question.name, 'it is an old .xls file, or has a password')
  await mkdir(question.folder, { recursive: true })
  try {
    const archive = await Archive.open(question.path)
    try {
      return await convert(archive, question)
    } finally {
      archive.close()
    }
  } catch (thrown) {
    if (CaudalError.isInstance(thrown)) throw thrown
    throw noWorkbook(question.name, thrown instanceof Error ? thrown.message : String(thrown), thrown)
  }
}

async function convert(
  archive: Archive,
  { name, sheet, folder, path: source }: ExcelQuestion,
): Promise<string> {
  const workbook = await readWorkbook(archive)
  if (workbook === undefined) throw noWorkbook(name, 'it has no xl/workbook.xml')
  const member = await archive.read(chooseSheet(workbook, sheet, name))
  if (member === undefined) throw noWorkbook(name, 'its sheet is missing')
  const styles = await readStyles(archive)
  const strings = await readSharedStrings(archive, folder)
  const target = path.join(folder, `${path.basename(source)}.csv`)
  const file = await open(target, 'w', 0o600)
  const writer = new CsvWriter()
  try {
    await readSheet(member, { strings, styles, is1904: workbook.is1904 }, async (rows) => {
      const text = writer.lines(rows)
      if (text !== '') await file.writeFile(text)
    })
  } finally {
    await file.close()
    await strings.close()
  }
  return target
}

/** Writes rows as wide as the first one, and an empty line for each row that the sheet leaves out below it. */
class CsvWriter {
  #width = 0
  #next = 0

  lines(rows: readonly SheetRow[]): string {
    let text = ''
    for (const { number, cells } of rows) {
      if (this.#next === 0) {
        this.#width = cells.length
        this.#next = number
      }
      text += '\n'.repeat(Math.max(0, number - this.#next))
      this.#next = number + 1
      const padded = Array.from({ length: Math.max(this.#width, cells.length) }, (_, index) => cells[index])
      text += `${padded.map(cellText).join(',')}\n`
    }
    return text
  }
}

function cellText(value: string | undefined): string {
  if (value === undefined) return ''
  return value === '' || /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

function noWorkbook(name: string, reason: string, cause?: unknown): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_EXCEL',
    message: `${name}: the file is no whole Excel workbook (${reason}). Nothing of it was loaded.`,
    hint: 'Save it in Excel as .xlsx without a password, or export it again when a transfer broke off.',
    context: { file: name, reason },
    ...(cause === undefined ? {} : { cause }),
  })
}
