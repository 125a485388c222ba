import {
  normaliseName,
  rawTables,
  type ErrorReport,
  type Manifest,
  type ModelDeclaration,
  type PipelineDeclaration,
  type SourceDefinition,
} from '@caudal/spec'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { compileModels } from '../model/compile.ts'
import { analysisCache } from './analysis-cache.ts'
import { configProblems } from './check-config.ts'
import { codeDigest } from './code-digest.ts'
import { importConfig, importDeclarations, type FoundDeclaration } from './import-modules.ts'
import { pipelineNodes } from './pipeline-nodes.ts'
import { projectFiles } from './project-files.ts'
import { sourceNodes } from './source-nodes.ts'
import { nameDashboards, nameMetrics } from './tiles.ts'

/** A project inside its worker: the manifest, the sources that it can create, and its pipelines with their functions. */
export interface LoadedProject {
  readonly manifest: Manifest
  readonly sources: ReadonlyMap<string, SourceDefinition>
  readonly pipelines: ReadonlyMap<string, PipelineDeclaration>
}

/**
 * Imports a project and returns it as plain data. Everything that is wrong is reported at once in `problems`; only a missing or broken
 * `caudal.config.ts` throws.
 * @throws CaudalError `CAUDAL_PROJECT_MISSING`, `CAUDAL_PROJECT_CONFIG`.
 */
export async function loadProject(projectPath: string): Promise<LoadedProject> {
  const config = await importConfig(projectPath)
  const problems: ErrorReport[] = []
  const found = await importDeclarations(projectPath, config.packs, problems)
  const sources = new Map<string, SourceDefinition>()
  for (const { exported, name } of ofKind(found, 'source')) sources.set(normaliseName(name), exported)
  const { nodes, stale } = await sourceNodes(projectPath, ofKind(found, 'source'), problems, config.timeZone)
  const tables = ofKind(found, 'external table').map(({ declaration }) => declaration)
  const declaredPipelines = ofKind(found, 'pipeline')
  const pipelines = pipelineNodes(declaredPipelines, problems)
  const compiled = await compile(
    projectPath,
    found,
    rawTables({ sources: nodes, pipelines, tables }).map(({ name, columns }) => ({ name, columns })),
  )
  const metrics = nameMetrics(ofKind(found, 'metric'))
  const dashboards = nameDashboards(ofKind(found, 'dashboard'), ofKind(found, 'metric'), problems)
  const unsigned = {
    format: 1 as const,
    name: config.name,
    path: projectPath,
    timeZone: config.timeZone,
    locale: config.locale,
    currency: config.currency,
    ...(config.alertWebhook === undefined ? {} : { alertWebhook: config.alertWebhook }),
    ...(config.runHistory === undefined ? {} : { runHistory: config.runHistory }),
    targets: Object.entries(config.targets).map(([name, { warehouse, lake, log }]) => ({
      name,
      warehouse,
      lake,
      ...(log === undefined ? {} : { log }),
    })),
    defaultTarget: config.defaultTarget,
    sources: nodes,
    pipelines,
    tables: tables.map(({ kind: _kind, checks: _checks, ...table }) => table),
    models: compiled.models,
    checks: compiled.checks,
    tests: compiled.tests,
    metrics: [...metrics.values()],
    dashboards,
    problems: [...configProblems(config, projectPath), ...problems, ...compiled.problems],
    ...(compiled.warnings.length === 0 ? {} : { warnings: compiled.warnings }),
    ...(stale.length === 0 ? {} : { stale }),
  }
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(unsigned))
    .update(await codeDigest(projectPath))
    .digest('hex')
  return {
    manifest: { ...unsigned, fingerprint },
    sources,
    pipelines: new Map(declaredPipelines.map(({ exported }) => [exported.name, exported])),
  }
}

async function compile(
  projectPath: string,
  found: readonly FoundDeclaration[],
  tables: Parameters<typeof compileModels>[0]['tables'],
): ReturnType<typeof compileModels> {
  const files = await Promise.all(
    (await projectFiles(projectPath, 'models', ['.sql', '.yaml', '.yml'])).map(async (file) => ({
      path: file,
      text: await readFile(path.join(projectPath, file), 'utf8'),
    })),
  )
  const declared: ModelDeclaration[] = ofKind(found, 'model').map(({ declaration }) => declaration)
  const external = ofKind(found, 'external table').flatMap(({ declaration }) => declaration.checks)
  const cache = await analysisCache(projectPath)
  const compiled = await compileModels({
    files,
    declared,
    checks: [
      ...external,
      ...ofKind(found, 'check').map(({ declaration: { kind: _kind, ...check } }) => check),
    ],
    tests: ofKind(found, 'model test').map(({ declaration: { kind: _kind, ...test }, name }) => ({
      ...test,
      name: test.name ?? name,
    })),
    tables,
    cache,
  })
  await cache.save()
  return compiled
}

/** The declarations of one kind. */
function ofKind<Kind extends FoundDeclaration['declaration']['kind']>(
  found: readonly FoundDeclaration[],
  kind: Kind,
): {
  name: string
  module: string
  export: string
  declaration: Extract<FoundDeclaration['declaration'], { kind: Kind }>
  exported: Extract<FoundDeclaration['declaration'], { kind: Kind }>
}[] {
  return found.filter((one) => one.declaration.kind === kind) as ReturnType<typeof ofKind<Kind>>
}
