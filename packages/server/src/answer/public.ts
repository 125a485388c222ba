import {
  redactText,
  type ErrorReport,
  type GraphAnswer,
  type JsonValue,
  type PushEvent,
  type RunRecord,
  type RunSummary,
  type ScheduleAnswer,
  type TileAnswer,
} from '@caudal/spec'

/** The report as a reader of the API may see it: without stack, without what looks like a secret. */
export function publicReport(report: ErrorReport): ErrorReport {
  const context = Object.entries(report.context).filter(([key]) => key !== 'stack' && key !== 'cause')
  return {
    ...report,
    message: redactText(report.message),
    ...(report.hint === undefined ? {} : { hint: redactText(report.hint) }),
    context: Object.fromEntries(context.map(([key, value]) => [key, publicValue(value)])),
  }
}

/** A run whose errors are public. */
export function publicRun<Run extends RunSummary | Omit<RunRecord, 'stages'>>(run: Run): Run {
  return run.error === undefined ? run : { ...run, error: publicReport(run.error) }
}

/** A run with its stages, whose errors are public. */
export function publicRecord(run: RunRecord): RunRecord {
  return {
    ...publicRun(run),
    stages: run.stages.map((stage) =>
      stage.error === undefined ? stage : { ...stage, error: publicReport(stage.error) },
    ),
  }
}

/** A schedule whose last run is public. */
export function publicSchedule(schedule: ScheduleAnswer): ScheduleAnswer {
  return schedule.lastRun === undefined ? schedule : { ...schedule, lastRun: publicRun(schedule.lastRun) }
}

/** A graph whose errors are public. */
export function publicGraph(graph: GraphAnswer): GraphAnswer {
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node.error === undefined ? node : { ...node, error: publicReport(node.error) },
    ),
  }
}

/** A tile's answer whose error is public. */
export function publicTile(answer: TileAnswer): TileAnswer {
  return answer.state === 'ready' ? answer : { ...answer, error: publicReport(answer.error) }
}

/** An event whose errors are public. */
export function publicEvent(event: PushEvent): PushEvent {
  if (event.kind === 'run') return { ...event, run: publicRun(event.run) }
  if (event.kind === 'tile') return { ...event, answer: publicTile(event.answer) }
  if (event.kind === 'progress' && event.note !== undefined) return { ...event, note: redactText(event.note) }
  return event
}

function publicValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactText(value)
  if (Array.isArray(value)) return value.map(publicValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, publicValue(inner)]))
}
