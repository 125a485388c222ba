import type { Column, ColumnType, ModelNode } from '@caudal/spec'
import { compileModels, type CompiledModels, type CompileInput } from '@caudal/engine'

/** `crm.deals` and `crm.owners` as sources deliver them. */
export const tables: CompileInput['tables'] = [
  {
    name: 'crm.deals',
    columns: columns({
      id: { kind: 'text' },
      owner_id: { kind: 'text' },
      stage: { kind: 'text' },
      amount: { kind: 'decimal', precision: 18, scale: 2 },
      closed_at: { kind: 'timestamptz' },
    }),
  },
  {
    name: 'crm.owners',
    columns: columns({ id: { kind: 'text' }, name: { kind: 'text' }, team: { kind: 'text' } }),
  },
]

/** Columns from names and types. */
function columns(types: Readonly<Record<string, ColumnType>>): readonly Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}

/** Compiles files given as path → text. */
export function compile(
  files: Readonly<Record<string, string>>,
  more: Partial<CompileInput> = {},
): Promise<CompiledModels> {
  return compileModels({
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
    tables,
    ...more,
  })
}

/** A compiled model; the files must compile without problems. */
export async function modelsOf(files: Readonly<Record<string, string>>): Promise<readonly ModelNode[]> {
  const { models, problems } = await compile(files)
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'))
  return models
}
