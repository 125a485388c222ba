export type {
  OwnerService,
  RunOperation,
  RunRequest,
  RunService,
  TileCell,
  TileService,
} from './owner/service.ts'
export { openControlState, type ControlState, type ControlStateOptions } from './state/control-state.ts'
export type { ControlConnection, MigrationOutcome } from './state/migrate.ts'
export type { RunReader } from './state/run-reader.ts'
export type { RunChanges, RunWriter } from './state/run-writer.ts'
export type { ScheduleReader, ScheduleState, ScheduleWriter } from './state/schedule-state.ts'
export type { SettingReader, SettingWriter } from './state/setting-state.ts'
export type { SecretVault } from './state/secret-vault.ts'
export type { AuditEntry, AuditReader, AuditWriter } from './state/audit-state.ts'
export { compileModels } from './model/compile.ts'
export type { CompiledModels, CompileInput } from './model/compiled-models.ts'
export type { AnalysisCache } from './model/analysis.ts'
export type { ProjectFile } from './model/draft.ts'
export { effectiveFingerprints } from './model/fingerprint.ts'
export { orderByReading, type Reader, type ReadingOrder } from './model/order.ts'
export {
  floorToGrain,
  intervalsBetween,
  isCovered,
  mergeIntervals,
  overlaps,
  type Interval,
  type IntervalGrain,
} from './plan/intervals.ts'
export { formatBuiltState, parseBuiltState, type BuiltState } from './plan/built-state.ts'
export { planModels, type CheckStage, type ModelStage, type PlanModelsInput } from './plan/plan-models.ts'
export { changedModels, selectNodes, type SelectableProject, type Selection } from './plan/select.ts'
export { runModelStage } from './model/run-model.ts'
export type { ModelOutcome, ModelRunContext } from './model/model-build.ts'
export { compileCheck, type CheckTarget } from './check/compile-check.ts'
export { checkError, isBlocking, runChecks, type CheckRun } from './check/run-checks.ts'
export { runCheckStage, type CheckOutcome, type CheckRunContext } from './check/run-check-stage.ts'
export { describeMissing, type MissingRows } from './load/retention.ts'
export { Owner, type OwnerOptions, type Recovery } from './owner/owner.ts'
export { targetOf } from './owner/target-of.ts'
export { startProject, type StartedProject } from './owner/start-project.ts'
export { ProjectWorker } from './worker/project-worker.ts'
export { openLake, openLog, openWarehouse } from './worker/open-adapter.ts'
export { importPipelines } from './project/import-pipelines.ts'
export type { Preview } from './worker/protocol.ts'
export { runModelTests, type ModelTestResult } from './model/run-tests.ts'
export type { TypedTable } from './model/test-query.ts'
export { createTileService, type TableVersions, type TileServiceOptions } from './metric/tile-service.ts'
export { compileTile, tileMetrics, type CompiledQuery, type CompiledTile } from './metric/compile-tile.ts'
export { compileRows } from './metric/compile-rows.ts'
export { compileValues } from './metric/compile-values.ts'
export { joinChecks, tilesRead, withViewSources } from './metric/tables-read.ts'
export type { Catalogue, MetricContext } from './metric/context.ts'
export {
  columnLineage,
  renderLineage,
  type LineageBranch,
  type LineageTree,
} from './lineage/column-lineage.ts'
export {
  lineageGraph,
  lineageKinds,
  type LineageGraph,
  type LineageNode,
  type LineageProject,
} from './lineage/graph.ts'
export {
  renderBreakage,
  whatBreaks,
  type Breakage,
  type BreakageKind,
  type BrokenNode,
} from './lineage/what-breaks.ts'
export { systemClock, type Clock } from './schedule/clock.ts'
export { parseSchedule, type Schedule } from './schedule/parse-schedule.ts'
export {
  Scheduler,
  type EndedRun,
  type ScheduledSource,
  type ScheduleFacts,
  type SchedulerOptions,
} from './schedule/scheduler.ts'
export { createAlertPoster, type AlertPosterOptions, type ScheduleAlert } from './schedule/alert.ts'
export { layOutEmptyTables, type EmptyTables, type TableColumns } from './verify/empty-tables.ts'
export { renderTypes } from './verify/render-types.ts'
export {
  driftOf,
  driftProblem,
  missingTable,
  unseenColumns,
  type Drift,
  type LiveTable,
} from './verify/drift.ts'
export { verifyProject, type Verification, type VerifyOptions } from './verify/verify-project.ts'
export {
  recordedSources,
  removeRecordedSchema,
  writeRecordedSchema,
  type RecordedStream,
} from './project/recorded-schema.ts'
