/** Exit codes of the command line. */
export const exitCodes = {
  /** Everything succeeded. */
  ok: 0,
  /** A run, a check or a test failed; the data that was there stays. */
  failed: 1,
  /** The command line or the project's configuration is wrong; nothing was done. */
  usage: 2,
  /** Something that the command needs is not there: a secret, a free port, the warehouse (held by another program). */
  unavailable: 3,
  /** The run was cancelled. */
  cancelled: 130,
} as const

/** Which exit code an error has. */
export function exitCodeOf(code: string): number {
  if (code === 'CAUDAL_RUN_CANCELLED' || code === 'CAUDAL_CLI_INTERRUPTED') return exitCodes.cancelled
  if (
    /^CAUDAL_(CLI|PROJECT|TARGET|SOURCE_UNKNOWN|STREAM_UNKNOWN|TABLE_UNKNOWN|SELECT|SCHEMA_FILE)/.test(code)
  )
    return exitCodes.usage
  if (/^CAUDAL_(SECRET|SERVER|WAREHOUSE_LOCKED|OWNER|ATTACH|ADAPTER|CONTROL)/.test(code))
    return exitCodes.unavailable
  return exitCodes.failed
}
