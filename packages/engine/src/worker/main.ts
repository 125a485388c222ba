import {
  CaudalError,
  supportsCheck,
  supportsCount,
  toErrorReport,
  type Manifest,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type StreamCheck,
  type StreamDescription,
  type StreamFailure,
} from '@caudal/spec'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { loadProject, type LoadedProject } from '../project/load-project.ts'
import { LoadClock } from '../load/load-id.ts'
import { Channel } from './channel.ts'
import { extract } from './extract.ts'
import type { Destination } from '../pipeline/flush/destination.ts'
import { openLake, openLog } from './open-adapter.ts'
import { observe } from './observe.ts'
import { preview } from './preview.ts'
import type { OwnerApi, PipelineRequest, WorkerApi } from './protocol.ts'
import { resolveSetting } from './settings.ts'

/*
 * The worker process: imports the project and runs its code. The owner forks it, asks it for the manifest as plain data, and lets it
 * extract. A reload is a fresh worker.
 */

let project: LoadedProject | undefined

/** Sources are read side by side: their loads take their ids from one clock. */
const clock = new LoadClock()

const owner = ownerOf(() => channel)

const service: Record<keyof WorkerApi, (argument: never, signal: AbortSignal) => Promise<unknown>> = {
  loadProject: async ({ projectPath }: { projectPath: string }): Promise<Manifest> => {
    project = await loadProject(projectPath)
    return project.manifest
  },
  discover: ({ source }: { source: string }, signal) =>
    withSource(source, async (open) =>
      describeAll(await describe(source, open, signal)).map((stream) => ({
        ...stream,
        ...(definitionOf(source).streams[stream.name] === undefined ? {} : { isDeclared: true as const }),
      })),
    ),
  observe: ({ source }: { source: string }, signal) =>
    withSource(source, async (open) =>
      observe(open, describeAll(await describe(source, open, signal)), definitionOf(source).streams, signal),
    ),
  check: ({ source }: { source: string }, signal) =>
    withSource(source, (open) => {
      if (supportsCheck(open)) return open.check(signal)
      return describe(source, open, signal).then((streams) => ({ streams: streams.map(checkOf) }))
    }),
  count: ({ source, stream }: { source: string; stream: string }, signal) =>
    withSource(source, async (open) => (supportsCount(open) ? open.count(stream, signal) : undefined)),
  preview: (argument: { source: string; stream: string; limit: number }, signal) =>
    withSource(argument.source, async (open) =>
      preview(
        open,
        describeAll(await describe(argument.source, open, signal, [argument.stream])),
        argument,
        signal,
      ),
    ),
  extract: (request: Parameters<WorkerApi['extract']>[0], signal) =>
    withSource(request.source, async (open) => {
      const wanted = request.streams.length === 0 ? undefined : request.streams
      const descriptions = await describe(request.source, open, signal, wanted)
      const lake = await openLake(request.lake, { projectPath: loaded().manifest.path })
      return extract(open, descriptions, request, lake, owner, clock, signal)
    }),
  runPipeline: async ({ pipeline, log: reference, run }: PipelineRequest, signal): Promise<null> => {
    const declaration = loaded().pipelines.get(pipeline)
    if (declaration === undefined) throw new Error(`Invariant broken: there is no pipeline ${pipeline}`)
    const log = await openLog(reference, { projectPath: loaded().manifest.path, access: 'read' })
    try {
      const onNotice = (notice: CaudalError): void =>
        void owner.log({ source: pipeline, level: 'warn', message: notice.message, facts: notice.context })
      const { PipelineRunner } = await import('../pipeline/run/runner.ts')
      await new PipelineRunner({ declaration, log, destination, run, onNotice }).run(signal)
      return null
    } finally {
      await log.close()
    }
  },
}

/** The owner as a pipeline sees it. */
const destination: Destination = {
  positions: (pipeline) => owner.positions({ pipeline }),
  nextLoadId: () => owner.nextLoadId({}),
  flush: (load) => owner.flush(load),
}

const channel = new Channel(process, service)
process.on('disconnect', () => process.exit(0))

function loaded(): LoadedProject {
  if (project === undefined)
    throw new Error('Invariant broken: the worker was used before it loaded the project')
  return project
}

/** What the source says of its streams, under what the project declares. */
async function describe(
  source: string,
  open: Source,
  signal: AbortSignal,
  wanted?: readonly string[],
): Promise<readonly (StreamDescription | StreamFailure)[]> {
  const declared = definitionOf(source).streams
  return (await open.discover(signal, wanted)).map((stream) =>
    'failure' in stream
      ? stream
      : { ...stream, ...declared[stream.name], ...columnsOf(stream, declared[stream.name]) },
  )
}

/** The streams, where all of them must be known. */
function describeAll(streams: readonly (StreamDescription | StreamFailure)[]): readonly StreamDescription[] {
  return streams.map((stream) => {
    if ('failure' in stream) throw stream.failure
    return stream
  })
}

function checkOf(stream: StreamDescription | StreamFailure): StreamCheck {
  if (!('failure' in stream)) return { stream: stream.name, isReadable: true }
  return { stream: stream.stream, isReadable: false, note: toErrorReport(stream.failure).message }
}

function columnsOf(
  stream: StreamDescription,
  declared: SourceDefinition['streams'][string] | undefined,
): Pick<StreamDescription, 'columns' | 'isTyped'> {
  if (declared?.columns === undefined || declared.columns.length === 0)
    return { columns: stream.columns, isTyped: stream.isTyped }
  return {
    columns: stream.columns,
    isTyped: stream.isTyped || declared.columns.length >= stream.columns.length,
  }
}

function definitionOf(name: string): SourceDefinition {
  const definition = loaded().sources.get(name)
  if (definition !== undefined) return definition
  throw new CaudalError({
    code: 'CAUDAL_SOURCE_UNKNOWN',
    message: `There is no source \`${name}\`; the project has ${[...loaded().sources.keys()].join(', ') || 'none'}.`,
    hint: 'Export a source from a file in sources/.',
    context: { source: name },
  })
}

async function withSource<T>(name: string, work: (source: Source) => Promise<T>): Promise<T> {
  const source = definitionOf(name).create()
  const scratchPath = await mkdtemp(path.join(tmpdir(), 'caudal-source-'))
  try {
    await source.open(contextOf(name, scratchPath))
    return await work(source)
  } finally {
    await source.close()
    await rm(scratchPath, { recursive: true, force: true })
  }
}

function contextOf(name: string, scratchPath: string): SourceContext {
  const projectPath = loaded().manifest.path
  return {
    source: name,
    projectPath,
    scratchPath,
    resolve: (setting) => resolveSetting(setting, projectPath, `source \`${name}\``),
    readSecret: async (secret) => (await owner.readSecret({ source: name, name: secret })) ?? undefined,
    writeSecret: async (secret, value) => {
      await owner.writeSecret({ source: name, name: secret, value })
    },
    log: (level, message, facts) =>
      void owner.log({ source: name, level, message, ...(facts === undefined ? {} : { facts }) }),
  }
}

function ownerOf(pipe: () => Channel): OwnerApi {
  const call =
    (name: keyof OwnerApi) =>
    (argument: unknown): Promise<never> =>
      pipe().call(name, argument)
  return {
    staged: call('staged'),
    positions: call('positions'),
    nextLoadId: call('nextLoadId'),
    flush: call('flush'),
    progress: call('progress'),
    readSecret: call('readSecret'),
    writeSecret: call('writeSecret'),
    log: call('log'),
  }
}
