import { createServer, type Server } from 'node:http'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { importPipelines, openLog } from '@caudal/engine'
import {
  CaudalError,
  toErrorReport,
  type AdapterReference,
  type Log,
  type PipelineDeclaration,
} from '@caudal/spec'
import { closeServer } from '../socket/close-server.ts'
import { listenOnPort } from '../socket/listen.ts'
import { Collector } from './collector.ts'
import { MessageWindow } from './message-window.ts'
import type { CollectorOrder, CollectorReport, CollectorStart } from './protocol.ts'
import { WriteKeys } from './write-keys.ts'

/*
 * The collector process: imports the project's pipelines for their schemas, writes the log and answers senders. The owner forks it, and
 * starts another when the project changes.
 */

/** How long events that were sent again are known by their message id. */
const windowMs = 10 * 60_000

/** How long requests that are under way may take when the collector ends. */
const drainMs = 5_000

/** How long the collector of an owner that was killed may take to end. */
const handOverMs = 10_000

/** A collector that takes events. */
class Running {
  readonly #server: Server
  readonly #log: Log
  readonly #collector: Collector

  private constructor(server: Server, log: Log, collector: Collector) {
    this.#server = server
    this.#log = log
    this.#collector = collector
  }

  static async start({ projectPath, log: reference, keys, host, port }: CollectorStart): Promise<Running> {
    const pipelines = await importPipelines(projectPath)
    const log = await openWhenFree(reference, projectPath)
    const topics = topicsOf(pipelines)
    for (const { topic, partitions } of topics) await log.declareTopic(topic, partitions)
    const collector = new Collector({
      log,
      topics: new Map(topics.map((topic) => [topic.topic, topic])),
      keys: new WriteKeys(keys),
      windows: new Map(topics.map(({ topic }) => [topic, new MessageWindow(windowMs, Date.now())])),
    })
    const server = createServer((request, response) => void collector.handle(request, response))
    server.requestTimeout = 30_000
    try {
      const bound = await listenOnPort(server, host, port)
      report({ kind: 'ready', topics: topics.map(({ topic }) => topic), port: bound })
      return new Running(server, log, collector)
    } catch (error) {
      await log.close()
      throw error
    }
  }

  setKeys(keys: WriteKeys): void {
    this.#collector.setKeys(keys)
  }

  /** Takes nothing more, answers what it took, and gives the log up. */
  async stop(): Promise<void> {
    await closeServer(this.#server, drainMs)
    await this.#log.close()
  }
}

/** The topics that senders may send to, as the pipelines that read them declare. */
function topicsOf(pipelines: readonly PipelineDeclaration[]): readonly {
  readonly topic: string
  readonly partitions: number
  readonly parse: PipelineDeclaration['input']['parse']
}[] {
  const topics = pipelines.map(({ name, input }) => ({
    topic: input.topic ?? name,
    partitions: input.partitions,
    parse: input.parse,
  }))
  return [...new Map(topics.map((topic) => [topic.topic, topic])).values()]
}

/** The collector of an owner that was killed still answers what it took: the log is free when that is done. */
async function openWhenFree(reference: AdapterReference, projectPath: string): Promise<Log> {
  const until = Date.now() + handOverMs
  for (;;) {
    try {
      return await openLog(reference, { projectPath, access: 'write' })
    } catch (error) {
      const isBusy = CaudalError.isInstance(error) && error.code === 'CAUDAL_LOG_BUSY'
      if (!isBusy || Date.now() > until) throw error
      await delay(50)
    }
  }
}

function report(said: CollectorReport): void {
  process.send?.(said)
}

let running: Promise<Running> | undefined

process.on('message', (order: CollectorStart | CollectorOrder) => {
  if (order.kind === 'start') {
    running = Running.start(order)
    running.catch((error: unknown) => {
      report({ kind: 'failed', error: toErrorReport(error) })
      process.disconnect()
    })
  } else if (order.kind === 'keys') {
    void running?.then((collector) => collector.setKeys(new WriteKeys(order.keys)))
  } else {
    void running?.then((collector) => collector.stop()).finally(() => process.disconnect())
  }
})
process.on(
  'disconnect',
  () => void running?.then((collector) => collector.stop()).finally(() => process.exit(0)),
)
