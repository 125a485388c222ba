import type { CompiledModels, CompileInput } from './compiled-models.ts'

/**
 * Compiles the models of a project: reads headers, parses the SQL, resolves references, orders the models and finds what each column is made of.
 * Reports every problem at once, with file and line. Reads no file and runs no SQL.
 * Parsers of headers, tests and SQL are loaded with the first text that the cache does not know.
 */
export async function compileModels(input: CompileInput): Promise<CompiledModels> {
  const { compileProject } = await import('./compile-project.ts')
  return compileProject(input)
}
