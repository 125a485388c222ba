import {
  driftOf,
  driftProblem,
  missingTable,
  unseenColumns,
  verifyProject,
  type OwnerService,
  type StartedProject,
  type Verification,
} from '@caudal/engine'
import { normaliseName, toErrorReport, type Column, type ErrorReport } from '@caudal/spec'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { askProject } from '../ask-project.ts'
import { switchOption, type Command, type CommandContext } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { withScratch } from '../scratch.ts'
import { openSession } from '../open-session.ts'

/** `caudal verify`: proves the project without data, network or secrets; with `--live` also against its sources. */
export const verify: Command = {
  usage: '[--live]',
  options: {
    live: { type: 'boolean', help: 'Also ask the sources, and the warehouse for tables that others load.' },
  },
  run: async (context) => {
    const isLive = switchOption(context, 'live')
    const project = await askProject(context, true)
    let proved: Verification
    let live: Live
    try {
      proved = await prove(context, project)
      live = isLive ? await askSources(context, project) : { problems: [], notes: [] }
    } finally {
      await project.close()
    }
    const loaded = isLive ? await askWarehouse(context, project) : []
    const problems = [...proved.problems, ...live.problems, ...loaded]
    print(context, project, proved, { problems, notes: live.notes })
    return problems.length === 0 ? exitCodes.ok : exitCodes.failed
  },
}

async function prove(context: CommandContext, { manifest }: StartedProject): Promise<Verification> {
  const types = await readFile(path.join(context.projectPath, 'caudal-types.ts'), 'utf8').catch(
    () => undefined,
  )
  return withScratch(context.projectPath, (scratch) =>
    verifyProject({ manifest, scratch, signal: context.signal, ...(types === undefined ? {} : { types }) }),
  )
}

/** What the sources and the warehouse show. */
interface Live {
  readonly problems: readonly ErrorReport[]
  /** What may be meant: columns that no record has, and new ones. */
  readonly notes: readonly string[]
}

async function askSources(context: CommandContext, { manifest, worker }: StartedProject): Promise<Live> {
  const problems: ErrorReport[] = []
  const notes: string[] = []
  for (const { name } of manifest.sources) {
    try {
      for (const { stream, ...live } of await worker.observe(name, context.signal)) {
        const drift = driftOf(manifest, `${name}.${normaliseName(stream)}`, live)
        if (drift === undefined) continue
        problems.push(...listOf(driftProblem(manifest, drift)))
        notes.push(...listOf(unseenColumns(manifest, drift)))
        if (drift.added.length > 0) notes.push(`${drift.table} has new columns: ${drift.added.join(', ')}`)
      }
    } catch (error) {
      context.signal.throwIfAborted()
      const report = toErrorReport(error)
      problems.push({ ...report, message: `source \`${name}\` could not be asked: ${report.message}` })
    }
  }
  return { problems, notes }
}

function listOf<Item>(item: Item | undefined): readonly Item[] {
  return item === undefined ? [] : [item]
}

/** Tables that others load are compared with the warehouse. */
async function askWarehouse(
  context: CommandContext,
  { manifest }: StartedProject,
): Promise<readonly ErrorReport[]> {
  if (manifest.tables.length === 0 || manifest.problems.length > 0) return []
  const session = await openSession(context)
  try {
    const problems: ErrorReport[] = []
    for (const { name } of manifest.tables) {
      const live = await columnsOf(session.service, name, context.signal)
      const drift = live === undefined ? undefined : driftOf(manifest, name, { columns: live })
      if (live === undefined) problems.push(missingTable(manifest, name))
      else if (drift !== undefined) problems.push(...listOf(driftProblem(manifest, drift)))
    }
    return problems
  } finally {
    await session.close()
  }
}

function print(
  { output }: CommandContext,
  { manifest }: StartedProject,
  proved: Verification,
  { problems, notes }: Live,
): void {
  output.json({
    problems,
    notes,
    warnings: manifest.warnings ?? [],
    tables: proved.tables.length,
    tiles: proved.tiles,
  })
  if (output.isJson) return
  for (const warning of manifest.warnings ?? []) output.line(`${output.yellow('!')} ${warning.message}`)
  for (const note of notes) output.line(`${output.yellow('!')} ${note}`)
  for (const problem of problems) output.error(problem)
  const what = [
    counted(manifest.sources.length, 'source'),
    counted(manifest.models.length, 'model'),
    counted(manifest.metrics.length, 'metric'),
    counted(proved.tiles, 'tile'),
  ].join(', ')
  if (problems.length === 0)
    output.line(`${output.green('✓')} ${what}: every column is there, up to the tile`)
  else output.line(`${output.red('✗')} ${counted(problems.length, 'problem')} in ${what}`)
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

/** The columns that a table has in the warehouse now; `undefined` when it is not there. */
async function columnsOf(
  service: { query: OwnerService['query'] },
  table: string,
  signal: AbortSignal,
): Promise<readonly Column[] | undefined> {
  const [schema = '', name = ''] = table.split('.')
  const found =
    'SELECT count(*) FROM information_schema.tables WHERE table_schema = $schema AND table_name = $name'
  for await (const { values } of service.query(found, { schema, name }, signal)) {
    if (Number(values[0]?.[0] ?? 0) === 0) return undefined
  }
  for await (const chunk of service.query(`SELECT * FROM ${table} LIMIT 0`, {}, signal)) return chunk.columns
  return []
}
