import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** The server of the benchmark in a process of its own. */
export interface DealServer {
  readonly url: string
  stop(): Promise<void>
}

/** Starts it with so many deals, each page after a wait. */
export async function serveDeals(records: number, delayMs: number): Promise<DealServer> {
  const script = path.join(import.meta.dirname, 'server.ts')
  const child = spawn(process.execPath, [script, String(records), String(delayMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = /port (\d+)/.exec(line.toString())?.[1]
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}
