import { toErrorReport, type ErrorReport, type JsonValue } from '@caudal/spec'
import { styleText } from 'node:util'

/** Where the command line writes: people get lines on a terminal, machines one JSON document. */
export class Output {
  readonly isJson: boolean
  /** Whether a status line may be overwritten on standard error. */
  readonly isTerminal: boolean
  readonly #hasColour: boolean
  #hasStatusLine = false

  constructor(options: {
    readonly isJson: boolean
    readonly isTerminal: boolean
    readonly hasColour: boolean
  }) {
    this.isJson = options.isJson
    this.isTerminal = options.isTerminal && !options.isJson
    this.#hasColour = options.hasColour && !options.isJson
  }

  /** A line for people; nothing with `--json`. */
  line(text = ''): void {
    if (this.isJson) return
    this.clearStatus()
    process.stdout.write(`${text}\n`)
  }

  /** The answer for machines: the only thing on standard output with `--json`. */
  json(value: unknown): void {
    if (this.isJson) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** A remark for people, on standard error. */
  note(text: string): void {
    this.clearStatus()
    process.stderr.write(`${this.dim(text)}\n`)
  }

  /** A line that the next one overwrites, on a terminal. */
  status(text: string): void {
    if (!this.isTerminal) return
    process.stderr.write(`\r\u001B[2K${text}`)
    this.#hasStatusLine = true
  }

  clearStatus(): void {
    if (!this.#hasStatusLine) return
    process.stderr.write('\r\u001B[2K')
    this.#hasStatusLine = false
  }

  /** An error with its mend, on standard error; as JSON with `--json`. */
  error(thrown: unknown): ErrorReport {
    const report = isReport(thrown) ? thrown : toErrorReport(thrown)
    this.clearStatus()
    if (this.isJson) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`)
    else {
      process.stderr.write(`${this.red('✗')} ${report.message}\n`)
      if (report.hint !== undefined) process.stderr.write(`  ${this.dim('→')} ${report.hint}\n`)
      process.stderr.write(`  ${this.dim(report.code)}\n`)
      if (report.code === 'CAUDAL_INTERNAL')
        process.stderr.write(`${this.dim(String(report.context['stack'] ?? ''))}\n`)
    }
    return report
  }

  /** Rows under headings, numbers to the right; each line begins with `indent`. */
  table(headings: readonly string[], rows: readonly (readonly JsonValue[])[], indent = ''): void {
    const cells = rows.map((row) => row.map((value) => cellText(value)))
    const widths = headings.map((heading, index) =>
      Math.min(60, Math.max(heading.length, ...cells.map((row) => row[index]?.length ?? 0))),
    )
    const isNumber = headings.map(
      (_, index) => cells.length > 0 && cells.every((row) => /^(-?[\d.,]+|)$/.test(row[index] ?? '')),
    )
    const format = (row: readonly string[]): string =>
      row
        .map((text, index) => {
          const cut = text.length > 60 ? `${text.slice(0, 59)}…` : text
          return isNumber[index] === true ? cut.padStart(widths[index] ?? 0) : cut.padEnd(widths[index] ?? 0)
        })
        .join('  ')
        .trimEnd()
    this.line(`${indent}${this.dim(format(headings))}`)
    for (const row of cells) this.line(`${indent}${format(row)}`)
  }

  green(text: string): string {
    return this.#style('green', text)
  }

  red(text: string): string {
    return this.#style('red', text)
  }

  yellow(text: string): string {
    return this.#style('yellow', text)
  }

  dim(text: string): string {
    return this.#style('dim', text)
  }

  bold(text: string): string {
    return this.#style('bold', text)
  }

  #style(style: Parameters<typeof styleText>[0], text: string): string {
    return this.#hasColour ? styleText(style, text) : text
  }
}

function isReport(value: unknown): value is ErrorReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    'code' in value &&
    'message' in value
  )
}

function cellText(value: JsonValue): string {
  if (value === null) return ''
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ')
}
