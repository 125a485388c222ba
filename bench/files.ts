import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { formats, writeDeals, type Format } from './files/deals.ts'
import type { Benchmark, BenchOptions, Line } from './harness/benchmark.ts'
import { timeCommand, type Timed } from './harness/command.ts'
import { interleave, type Contender } from './harness/interleave.ts'
import { pythonPeer } from './harness/peer.ts'
import { createProject } from './harness/project.ts'
import { quantile, series } from './harness/series.ts'

const rows = 1_000_000
const scripts = path.join(import.meta.dirname, 'files')
const names = { csv: 'CSV', ndjson: 'NDJSON', parquet: 'Parquet' } as const
const ingestrSchemes = { csv: 'csv', ndjson: 'jsonl', parquet: 'parquet' } as const

/** Loads a file into a new database. */
type Peer = (file: string, format: Format) => Promise<Timed>

/** A file into the warehouse, with hash, fsync and copy in the lake, beside DuckDB alone and the tools of others. */
export const files: Benchmark = {
  name: 'files',
  run: async (options) => {
    const input = path.join(options.scratch, 'input')
    await mkdir(input)
    await writeDeals(input, rows)
    const peers = await peersOf(options)
    const lines: Line[] = []
    for (const format of formats) {
      options.log(names[format])
      lines.push(await compare(options, path.join(input, `deals.${format}`), format, peers))
    }
    return lines
  },
}

async function compare(
  { rounds, scratch }: BenchOptions,
  file: string,
  format: Format,
  peers: Readonly<Record<string, Peer>>,
): Promise<Line> {
  const name = path.basename(file)
  const project = await createProject('files', path.join(scratch, format), { BENCH_FILE: name })
  await symlink(file, path.join(project.path, name))
  const caudal: Contender = async () => {
    await project.empty()
    return expectRows(await project.caudal('run'))
  }
  const others = Object.entries(peers).map(([peer, load]): [string, Contender] => [
    peer,
    async () => expectRows(await load(file, format)),
  ])
  return lineOf(format, await interleave(rounds, { caudal, ...Object.fromEntries(others) }))
}

/** DuckDB alone, and the tools of others that can be installed and run here. */
async function peersOf({ scratch, log }: BenchOptions): Promise<Record<string, Peer>> {
  const run = async (command: string, parameters: readonly string[]): Promise<Timed> => {
    const cwd = path.join(scratch, 'peer')
    await rm(cwd, { recursive: true, force: true })
    await mkdir(cwd)
    const environment = { HOME: cwd, RUNTIME__DLTHUB_TELEMETRY: 'false', INGESTR_DISABLE_TELEMETRY: 'true' }
    return timeCommand(command, parameters, { cwd, environment })
  }
  const peers: Record<string, Peer> = {
    'raw DuckDB': (file) =>
      run(process.execPath, [path.join(scripts, 'raw-duckdb.ts'), file, 'deals.duckdb']),
  }
  const dlt = await pythonPeer('dlt', ['dlt[duckdb]==1.31.0', 'duckdb==1.5.5', 'pyarrow'], log)
  if (dlt !== undefined) {
    const script = path.join(scripts, 'load.dlt.py')
    peers['dlt'] = (file) => run(path.join(dlt, 'python'), [script, file, 'deals.duckdb'])
  }
  const ingestr = await pythonPeer('ingestr', ['ingestr==1.1.19'], log)
  if (ingestr === undefined) return peers
  const to = ['--dest-uri', 'duckdb:///deals.duckdb', '--dest-table', 'raw.deals', '--yes']
  const load: Peer = (file, format) => {
    const from = ['--source-uri', `${ingestrSchemes[format]}://${file}`, '--source-table', 'deals']
    return run(path.join(ingestr, 'ingestr'), ['ingest', ...from, ...to])
  }
  // It fetches its driver of DuckDB when it is first used.
  const probe = path.join(scratch, 'probe.csv')
  await writeFile(probe, 'id\n1\n')
  try {
    await load(probe, 'csv')
    peers['ingestr'] = load
  } catch (error) {
    log(`without ingestr: ${error instanceof Error ? error.message : String(error)}`)
  }
  return peers
}

function lineOf(format: Format, seconds: Readonly<Record<string, readonly number[]>>): Line {
  const { 'raw DuckDB': raw = [], caudal = [], ...peers } = seconds
  const over = caudal.map((value, round) => (value - 0.6) / (raw[round] ?? Number.NaN))
  const factor = quantile(over, 0.5)
  const median = quantile(caudal, 0.5)
  const ahead = Object.entries(peers).map(
    ([name, samples]) => [name, quantile(samples, 0.5) / median] as const,
  )
  return {
    work: `${names[format]}, 1 M rows × 12 columns, types declared`,
    reach: '≤ 1.15 × raw DuckDB + 0.6 s; ahead of dlt and ingestr',
    figure: [
      `${factor.toFixed(2)} × + 0.6 s`,
      ...ahead.map(([name, times]) => `${times.toFixed(1)} × as fast as ${name}`),
    ].join('; '),
    isReached: factor <= 1.15 && ahead.every(([, times]) => times > 1),
    series: Object.fromEntries(
      Object.entries(seconds).map(([name, samples]) => [name, series('s', samples)]),
    ),
  }
}

function expectRows({ stdout, seconds }: Timed): number {
  if (stdout.replaceAll(',', '').includes(String(rows))) return seconds
  throw new Error(`not ${rows} rows: ${stdout}`)
}
