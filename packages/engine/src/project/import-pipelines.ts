import { CaudalError, type ErrorReport, type PipelineDeclaration } from '@caudal/spec'
import { importConfig, importDeclarations } from './import-modules.ts'

/**
 * The pipelines of a project with their functions, and nothing else of it: for a process that takes events.
 * @throws CaudalError why a module cannot be imported.
 */
export async function importPipelines(projectPath: string): Promise<readonly PipelineDeclaration[]> {
  const config = await importConfig(projectPath)
  const problems: ErrorReport[] = []
  const found = await importDeclarations(projectPath, config.packs, problems, ['pipelines'])
  const [problem] = problems
  if (problem !== undefined) throw CaudalError.fromReport(problem)
  return found.flatMap(({ exported }) => (exported.kind === 'pipeline' ? exported : []))
}
