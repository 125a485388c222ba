import { CaudalError } from '@caudal/spec'
import { CsvRecords } from './csv-records.ts'

const candidates = [',', ';', '\t', '|'] as const

/**
 * The delimiter of a text: the one that cuts its first records into equally many cells, more than one.
 * @throws CaudalError `CAUDAL_FILE_DELIMITER` when two do equally well.
 */
export function detectDelimiter(text: string, quote: string, name: string): string {
  const fitting = candidates
    .map((delimiter) => ({ delimiter, ...widthOf(text, delimiter, quote) }))
    .filter(({ width }) => width > 1)
    .toSorted((a, b) => b.share - a.share || b.width - a.width)
  const [best, next] = fitting
  if (best === undefined) return ','
  if (next === undefined || best.share > next.share || best.share < 1) return best.delimiter
  throw new CaudalError({
    code: 'CAUDAL_FILE_DELIMITER',
    message: `${name}: ${JSON.stringify(best.delimiter)} cuts the first lines into ${best.width} cells, and ${JSON.stringify(next.delimiter)} into ${next.width}: which one parts the cells cannot be told. Nothing was loaded.`,
    hint: `Say it in the stream: text: { delimiter: ${JSON.stringify(best.delimiter)} }.`,
    context: { file: name, delimiters: [best.delimiter, next.delimiter] },
  })
}

/** Cells of the first record, and the share of the first records that have as many. */
function widthOf(text: string, delimiter: string, quote: string): { width: number; share: number } {
  const records = new CsvRecords({ delimiter, quote }).push(`${text.slice(0, 64 * 1024)}\n`).slice(0, 200)
  const counted = records.length > 1 ? records.slice(0, -1) : records
  const width = records[0]?.cells.length ?? 0
  const same = counted.filter((record) => record.cells.length === width).length
  return { width, share: counted.length === 0 ? 0 : same / counted.length }
}
