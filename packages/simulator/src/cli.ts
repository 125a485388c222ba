import { once } from 'node:events'
import { parseArgs } from 'node:util'
import type { CompanyOptions } from './company/world.ts'
import { writeFiles } from './files/write-files.ts'
import { serveCompany } from './serve/serve-company.ts'
import { SERVED_STREAMS } from './serve/stores.ts'

const HELP = `simulator: a pretend B2B SaaS company

  simulator files --folder data/company     writes its files
  simulator serve --port 8700 --sell 2000   serves its API on loopback, and sells every 2,000 ms

  --records 20000        1,000 to 10,000,000 records of all streams together
  --seed 7               same seed, records and now: same company
  --now 2026-06-30       the end of its history; the time at the start by default
  --token demo-token     (serve) the bearer token
  --page-size 100        (serve) records per page when a request names no size
`

const OPTIONS = {
  folder: { type: 'string' },
  records: { type: 'string', default: '20000' },
  seed: { type: 'string', default: '7' },
  now: { type: 'string' },
  port: { type: 'string', default: '0' },
  token: { type: 'string', default: 'demo-token' },
  'page-size': { type: 'string', default: '100' },
  sell: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const

/** The command line of the simulator. Resolves to the exit code: 0, or 2 for a command that is not understood. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const isMisuse =
      error instanceof RangeError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE')
    if (!isMisuse) throw error
    console.error(`${error.message}\n\n${HELP}`)
    return 2
  }
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  const [command] = positionals
  if (values.help || command === undefined) {
    console.log(HELP)
    return values.help ? 0 : 2
  }
  const company = {
    seed: Number(values.seed),
    records: Number(values.records),
    now: values.now ?? new Date(),
  }
  if (command === 'files') return files(company, values.folder)
  if (command !== 'serve') throw new RangeError(`command ${command}: not files or serve`)
  const numbers = { port: Number(values.port), pageSize: Number(values['page-size']) }
  return serve({ ...company, ...numbers, token: values.token }, Number(values.sell))
}

async function files(company: CompanyOptions, folder: string | undefined): Promise<number> {
  if (folder === undefined) throw new RangeError('files needs --folder')
  for (const { path, rows } of await writeFiles({ ...company, folder })) console.log(`${path}: ${rows} rows`)
  return 0
}

type ServeValues = CompanyOptions & {
  readonly port: number
  readonly pageSize: number
  readonly token: string
}

async function serve(options: ServeValues, everyMs: number): Promise<number> {
  const server = await serveCompany(options)
  server.sell({ everyMs })
  console.log(`${server.url}  (Authorization: Bearer ${server.token})`)
  console.log(`streams: ${SERVED_STREAMS.map((name) => `/v1/${name}`).join(' ')} /v1/deals/:id/notes`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await server.close()
  return 0
}
