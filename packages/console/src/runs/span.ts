interface Timed {
  readonly startedAt?: string
  readonly endedAt?: string
}

/** Where a stage lies in its run, as shares of the run's time; `undefined` when it did not begin. */
export function spanOf(
  stage: Timed,
  run: Timed,
  now: number,
): { readonly from: number; readonly share: number } | undefined {
  if (stage.startedAt === undefined || run.startedAt === undefined) return undefined
  const start = Date.parse(run.startedAt)
  const whole = Math.max(1, endOf(run, now) - start)
  const from = Math.min(1, Math.max(0, (Date.parse(stage.startedAt) - start) / whole))
  const share = Math.min(1 - from, Math.max(0, (endOf(stage, now) - Date.parse(stage.startedAt)) / whole))
  return { from: Math.min(from, 0.995), share: Math.max(share, 0.005) }
}

function endOf(record: Timed, now: number): number {
  return record.endedAt === undefined ? now : Date.parse(record.endedAt)
}
