import {
  normaliseName,
  toErrorReport,
  type ErrorReport,
  type SourceDefinition,
  type SourceNode,
  type StreamDescription,
  type StreamNode,
} from '@caudal/spec'
import { assertHistoryOrder } from '../load/check-key.ts'
import { readRecordedSchema, recordedSources, type RecordedStream } from './recorded-schema.ts'
import { leftOverSchemas, staleSchemas, streamColumns } from './stream-columns.ts'

/** The sources of a project as nodes: what the code declares over what `schemas/<source>.json` recorded. */
export async function sourceNodes(
  projectPath: string,
  found: readonly {
    readonly name: string
    readonly module: string
    readonly export: string
    readonly declaration: SourceDefinition
  }[],
  problems: ErrorReport[],
  timeZone: string,
): Promise<{ readonly nodes: readonly SourceNode[]; readonly stale: readonly ErrorReport[] }> {
  const nodes: SourceNode[] = []
  const stale: ErrorReport[] = []
  for (const { name: exported, module, export: exportName, declaration } of found) {
    const name = normaliseName(exported)
    const other = nodes.find((node) => node.name === name)
    if (other !== undefined) {
      problems.push(sameName(name, other.code, { module, export: exportName }))
      continue
    }
    if (declaration.schedule !== undefined)
      await checkSchedule(name, module, declaration.schedule, declaration.timeZone ?? timeZone, problems)
    const recorded = await readRecordedSchema(projectPath, name, problems)
    stale.push(...staleSchemas(name, declaration, recorded))
    const streams = streamNodes(name, declaration, recorded ?? [])
    checkHistories(name, module, streams, problems)
    nodes.push({
      name,
      adapter: declaration.adapter,
      code: { module, export: exportName },
      guarantee: declaration.create().capabilities.guarantee,
      ...(declaration.schedule === undefined ? {} : { schedule: declaration.schedule }),
      ...(declaration.timeZone === undefined ? {} : { timeZone: declaration.timeZone }),
      streams,
      secrets: declaration.secrets,
      describe: declaration.describe,
    })
  }
  const names = new Set(nodes.map((node) => node.name))
  const leftOver = (await recordedSources(projectPath)).filter((name) => !names.has(name))
  return { nodes, stale: [...stale, ...leftOverSchemas(leftOver)] }
}

function sameName(name: string, first: SourceNode['code'], second: SourceNode['code']): ErrorReport {
  return {
    code: 'CAUDAL_SOURCE_COLLISION',
    message: `${second.module}: the source \`${second.export}\` and \`${first.export}\` of ${first.module} both fill the schema \`${name}\`.`,
    hint: 'Rename one export: its name is the name of the source and of its schema.',
    retryable: false,
    context: { file: second.module, source: name },
  }
}

/** A schedule that cannot be read is a problem of the project. */
async function checkSchedule(
  source: string,
  module: string,
  text: string,
  timeZone: string,
  problems: ErrorReport[],
): Promise<void> {
  const { parseSchedule } = await import('../schedule/parse-schedule.ts')
  try {
    parseSchedule(text, timeZone)
  } catch (error) {
    const report = toErrorReport(error)
    problems.push({ ...report, message: `${module}: source \`${source}\`: ${report.message}` })
  }
}

/** A history that could not say since when a record is gone is a problem of the project. */
function checkHistories(
  source: string,
  module: string,
  streams: readonly StreamNode[],
  problems: ErrorReport[],
): void {
  for (const stream of streams) {
    try {
      assertHistoryOrder(source, stream, stream.columns)
    } catch (error) {
      const report = toErrorReport(error)
      problems.push({ ...report, message: `${module}: ${report.message}` })
    }
  }
}

function streamNodes(
  source: string,
  declaration: SourceDefinition,
  recorded: readonly RecordedStream[],
): StreamNode[] {
  const discovered = recorded.filter(({ isDeclared }) => isDeclared !== true).map(({ name }) => name)
  const names = new Set([...Object.keys(declaration.streams), ...discovered])
  return [...names].map((name) => {
    const { isDeclared: _isDeclared, ...known } = recorded.find((stream) => stream.name === name) ?? unknown
    const declared = declaration.streams[name]
    const description = { ...undiscovered, ...known, ...declared, name }
    return {
      ...description,
      columns: streamColumns(declared, known.columns),
      table: `${source}.${normaliseName(name)}`,
    }
  })
}

/** What is recorded of a stream that is not. */
const unknown: Pick<RecordedStream, 'columns' | 'isDeclared'> = { columns: [] }

/** A stream of which nothing is known yet. */
const undiscovered: Omit<StreamDescription, 'name'> = {
  columns: [],
  isTyped: false,
  primaryKey: [],
  disposition: 'append',
  deletes: 'none',
  contract: { columns: 'evolve', types: 'evolve' },
}
