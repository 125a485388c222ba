/**
 * The tables of the control database: what is about processes. What must agree with rows (ledger, positions, dead letters) lies in the
 * warehouse. Times are ISO 8601 text in UTC, so that text order is time order; JSON is text; both mean the same on every database.
 */
export interface ControlTables {
  migrations: MigrationRow
  runs: RunRow
  stages: StageRow
  schedules: ScheduleRow
  settings: SettingRow
  secrets: SecretRow
  audit: AuditRow
}

interface MigrationRow {
  version: number
  /** The release of Caudal that applied it. */
  release: string
  applied_at: string
}

/** A run; its stages lie in `stages`. */
export interface RunRow {
  id: string
  target: string
  trigger: string
  state: string
  queued_at: string
  started_at: string | null
  ended_at: string | null
  fingerprint: string
  error: string | null
  /** Id of the owner process that runs it. */
  owner: string
}

/** A stage of a run. */
export interface StageRow {
  run: string
  /** `stage.id`. */
  id: string
  /** Place in the plan. */
  position: number
  stage: string
  state: string
  started_at: string | null
  ended_at: string | null
  counts: string | null
  rows: number | null
  checks: string
  error: string | null
  reconciliation: string | null
}

/** What the scheduler remembers of a source's schedule. */
export interface ScheduleRow {
  target: string
  source: string
  schedule: string
  last_tick_at: string | null
  next_at: string | null
  missed: number
  failures: number
  retry_at: string | null
  alerted: string | null
}

interface SettingRow {
  name: string
  value: string
  updated_at: string
}

interface SecretRow {
  source: string
  name: string
  key_id: string
  /** Compact JWE. */
  value: string
  updated_at: string
}

/** A manual action. */
export interface AuditRow {
  id: string
  at: string
  viewer: string
  action: string
  subject: string
  details: string
}
