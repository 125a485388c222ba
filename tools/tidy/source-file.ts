import { parseSync } from 'oxc-parser'
import { lineFinder } from './lines.ts'
import { walkProgram, type CodeRecord, type FunctionRecord } from './walk-program.ts'

/** One `import`, `export … from`, `import()` or `import('…').Type` of a file. */
export interface ImportRecord {
  readonly specifier: string
  readonly line: number
  /** Erased before the code runs. */
  readonly typeOnly: boolean
}

/** What the tidy rules know of a file. */
export interface SourceFile {
  /** Relative to the root of the workspace, with `/`. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly ImportRecord[]
  readonly hasDefaultExport: boolean
  /** Lines of `export * from`. */
  readonly starExports: readonly number[]
  readonly functions: readonly FunctionRecord[]
  readonly codes: readonly CodeRecord[]
}

type ParseResult = ReturnType<typeof parseSync>

/** Reads what the rules need from one file; throws with the place when it does not parse. */
export function parseSourceFile(path: string, text: string): SourceFile {
  const parsed = parseSync(path, text)
  const lineOf = lineFinder(text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path}:${lineOf(error.labels[0]?.start ?? 0)}: ${error.message}`)
  const walked = walkProgram(parsed.program, text, lineOf)
  const exported = parsed.module.staticExports.flatMap((statement) =>
    statement.entries.map(({ exportName, importName }) => ({
      name: exportName.name ?? exportName.kind,
      imported: importName.name ?? importName.kind,
      line: lineOf(statement.start),
    })),
  )
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [...staticImports(parsed, lineOf), ...walked.imports],
    hasDefaultExport: exported.some(({ name }) => name === 'Default' || name === 'default'),
    starExports: exported.filter(({ imported }) => imported === 'AllButDefault').map(({ line }) => line),
    functions: walked.functions,
    codes: walked.codes,
  }
}

function staticImports(parsed: ParseResult, lineOf: (offset: number) => number): ImportRecord[] {
  const imports = parsed.module.staticImports.map((statement) => ({
    specifier: statement.moduleRequest.value,
    line: lineOf(statement.start),
    typeOnly: statement.entries.length > 0 && statement.entries.every((entry) => entry.isType),
  }))
  const reexports = parsed.module.staticExports.flatMap((statement) => {
    const request = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest
    if (!request) return []
    const typeOnly = statement.entries.every((entry) => entry.isType)
    return [{ specifier: request.value, line: lineOf(statement.start), typeOnly }]
  })
  return [...imports, ...reexports]
}
