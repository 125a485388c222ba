/** Seconds that something took, or takes since; `undefined` before it began. */
export function durationOf(
  record: { readonly startedAt?: string; readonly endedAt?: string },
  now: number,
): number | undefined {
  if (record.startedAt === undefined) return undefined
  const end = record.endedAt === undefined ? now : Date.parse(record.endedAt)
  const seconds = Math.max(0, (end - Date.parse(record.startedAt)) / 1000)
  return record.endedAt === undefined ? Math.round(seconds) : seconds
}
