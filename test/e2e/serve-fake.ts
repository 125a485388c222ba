import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { createLogger, serve } from '@caudal/server'
import { FakeOwner } from './fake-owner/owner.ts'

/** Serves the built console over a pretend project, which sells something now and then: `node test/e2e/serve-fake.ts --port 4710`. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4710' },
    empty: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    everyMs: { type: 'string', default: '5000' },
  },
})
const owner = new FakeOwner({ isEmpty: values.empty, moreModels: values.large ? 140 : 0 })
const server = await serve({
  service: owner,
  port: Number(values.port),
  consoleFolder: fileURLToPath(new URL('../../packages/console/dist', import.meta.url)),
  log: createLogger({ level: 'warn' }),
})
if (Number(values.everyMs) > 0 && !values.empty) setInterval(() => owner.sell(), Number(values.everyMs))
process.stdout.write(`${server.url ?? ''}\n`)
