import type { CheckNode, ErrorReport, ModelDeclaration, ModelNode, ModelTestNode } from '@caudal/spec'
import type { TableColumns } from './analyse-drafts.ts'
import type { AnalysisCache } from './analysis.ts'
import type { ProjectFile } from './draft.ts'

/** What models are compiled from. */
export interface CompileInput {
  /** Files below `models/`: `.sql` and `.test.yaml`; others are ignored. */
  readonly files: readonly ProjectFile[]
  /** Models that TypeScript computes; their `place` relative to the project. */
  readonly declared?: readonly ModelDeclaration[]
  /** Checks and tests declared elsewhere, to be checked against tables and models. */
  readonly checks?: readonly CheckNode[]
  readonly tests?: readonly ModelTestNode[]
  /** Raw and external tables, `schema.name`. No columns: not known yet. */
  readonly tables: readonly TableColumns[]
  readonly cache?: AnalysisCache
}

/** Models as nodes of the manifest, with all that is wrong. */
export interface CompiledModels {
  /** In an order in which each follows what it reads. */
  readonly models: readonly ModelNode[]
  readonly checks: readonly CheckNode[]
  readonly tests: readonly ModelTestNode[]
  readonly problems: readonly ErrorReport[]
  /** What another warehouse would refuse, and what could not be told: shown, stops nothing. */
  readonly warnings: readonly ErrorReport[]
}
