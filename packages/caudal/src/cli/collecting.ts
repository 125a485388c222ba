import type { ControlState, Owner } from '@caudal/engine'
import { CollectorProcess } from '@caudal/server'
import { CaudalError, type Manifest } from '@caudal/spec'
import { textOption, type CommandContext } from './command.ts'
import { openControl } from './open-control.ts'
import { listWriteKeys } from './write-keys.ts'

/** How often the collector is told of keys that another command made or took back. */
const keysEveryMs = 1_000

/** Takes the events of the project's pipelines until it is closed. */
export interface Collecting {
  close(): Promise<void>
}

/** Starts the collector, when the project has pipelines that need one, and then the pipelines. */
export async function startCollecting(context: CommandContext, owner: Owner): Promise<Collecting> {
  if (owner.manifest.pipelines.length === 0) {
    await owner.startStreams()
    return { close: async () => undefined }
  }
  const control = await openControl(context.projectPath)
  try {
    const collector = await startCollector(context, owner, control)
    await owner.startStreams()
    if (collector === undefined) return { close: () => control.close() }
    const keys = setInterval(() => void passKeys(control, collector), keysEveryMs)
    const leave = owner.subscribe((event) => {
      if (event.kind === 'project') void collector.reload()
    })
    return {
      close: async () => {
        clearInterval(keys)
        leave()
        await collector.close()
        await control.close()
      },
    }
  } catch (error) {
    await control.close()
    throw error
  }
}

async function startCollector(
  context: CommandContext,
  owner: Owner,
  control: ControlState,
): Promise<CollectorProcess | undefined> {
  const { output, projectPath } = context
  const topics = owner.manifest.pipelines.map(({ input }) => input.topic)
  const log = targetLog(owner.manifest, owner.target)
  if (topics.length === 0 || log === undefined) return undefined
  const keys = await listWriteKeys(control)
  const collector = await CollectorProcess.start({
    projectPath,
    log,
    ...ingestAddress(context),
    keys,
    onFailure: (error) => void output.error(error),
  })
  output.line(`  events by POST to ${output.bold(`${collector.url}/v1/events/${topicsText(topics)}`)}`)
  if (keys.length === 0) output.line(output.dim('  Nobody has a key to send with yet: caudal keys create'))
  return collector
}

function topicsText(topics: readonly string[]): string {
  const [only] = topics
  return topics.length === 1 && only !== undefined ? only : `{${[...new Set(topics)].join(',')}}`
}

async function passKeys(control: ControlState, collector: CollectorProcess): Promise<void> {
  const keys = await listWriteKeys(control).catch(() => undefined)
  if (keys !== undefined) collector.setKeys(keys)
}

function targetLog(manifest: Manifest, target: string): Manifest['targets'][number]['log'] {
  return manifest.targets.find(({ name }) => name === target)?.log
}

/** Host and port of `--ingest [host:]port`. */
function ingestAddress(context: CommandContext): { readonly host: string; readonly port: number } {
  const text = textOption(context, 'ingest') ?? '4710'
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  if (port !== '' && Number(port) <= 65_535)
    return { host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port) }
  throw new CaudalError({
    code: 'CAUDAL_CLI_INGEST',
    message: `--ingest takes a port, or host:port, not \`${text}\`. Nothing was started.`,
    hint: '--ingest 4710; for senders on other machines: --ingest 0.0.0.0:4710',
  })
}
