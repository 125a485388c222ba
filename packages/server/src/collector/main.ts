import { createServer, type Server } from 'node:http'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { importPipelines, openLog } from '@caudal/engine'
import { toErrorReport, type Log, type PipelineDeclaration } from '@caudal/spec'
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
    const log = await openLog(reference, { projectPath, access: 'write' })
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
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    await Promise.race([closed, delay(5_000, undefined, { ref: false })])
    this.#server.closeAllConnections()
    await this.#log.close()
  }
}

/** The topics that senders may send to, as the pipelines that read them declare. */
function topicsOf(
  pipelines: readonly PipelineDeclaration[],
): readonly { readonly topic: string; readonly partitions: number; readonly parse: PipelineDeclaration['input']['parse'] }[] {
  const topics = pipelines.map(({ name, input }) => ({
    topic: input.topic ?? name,
    partitions: input.partitions,
    parse: input.parse,
  }))
  return [...new Map(topics.map((topic) => [topic.topic, topic])).values()]
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
process.on('disconnect', () => void running?.then((collector) => collector.stop()).finally(() => process.exit(0)))
