import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

const root = path.join(import.meta.dirname, '..', '..')

/** Where data sets lie that are not ours to ship: `CAUDAL_REAL_DATA`, by default beside the repository. */
export const dataFolder: string = process.env['CAUDAL_REAL_DATA'] ?? path.join(root, '..', 'shared', 'data')

const set = path.join(dataFolder, 'crm-sales-opportunities')

/** Why the data set cannot be read; `false`: it can. */
export const isMissing: string | false = existsSync(set)
  ? false
  : `${set} is not there: CAUDAL_REAL_DATA names the folder that holds crm-sales-opportunities`

type Row = Readonly<Record<string, string>>

/** A file of the set, read by nothing of ours; its fields hold no quotes. */
async function rows(file: string): Promise<readonly Row[]> {
  const [header = '', ...lines] = (await readFile(path.join(set, file), 'utf8')).trimEnd().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
}

/** What is true of the set, counted without SQL. */
export interface Truth {
  readonly opportunities: number
  readonly revenue: number
  readonly won: number
  readonly winRate: number
  /** Mean days from first contact until it was won. */
  readonly cycleDays: number
  readonly wonByQuarter: readonly number[]
  /** Dollars by agent, the best first. */
  readonly revenueByAgent: readonly (readonly [string, number])[]
  readonly unknownProducts: number
  readonly withoutAccount: number
  readonly misspeltSectors: number
  readonly idleAgents: number
}

const sectors = new Set(
  'employment entertainment finance marketing medical retail services software technology telecommunications'.split(
    ' ',
  ),
)

/** Counts it. */
export async function readTruth(): Promise<Truth> {
  const [opportunities, accounts, products, agents] = await Promise.all(
    ['sales_pipeline.csv', 'accounts.csv', 'products.csv', 'sales_teams.csv'].map((file) => rows(file)),
  )
  if (!opportunities || !accounts || !products || !agents) throw new Error('A file is missing.')
  const won = opportunities.filter((row) => row['deal_stage'] === 'Won')
  const lost = opportunities.filter((row) => row['deal_stage'] === 'Lost')
  const known = new Set(products.map((row) => row['product']))
  const busy = new Set(opportunities.map((row) => row['sales_agent']))
  const byAgent = new Map<string, number>()
  for (const row of won) add(byAgent, row['sales_agent'] ?? '', Number(row['close_value']))
  const byQuarter = new Map<string, number>()
  for (const row of won) add(byQuarter, quarterOf(row['close_date'] ?? ''), 1)
  return {
    opportunities: opportunities.length,
    revenue: won.reduce((sum, row) => sum + Number(row['close_value']), 0),
    won: won.length,
    winRate: won.length / (won.length + lost.length),
    cycleDays: won.reduce((sum, row) => sum + days(row), 0) / won.length,
    wonByQuarter: [...byQuarter].toSorted(([one], [two]) => (one < two ? -1 : 1)).map(([, count]) => count),
    revenueByAgent: [...byAgent].toSorted(([, one], [, two]) => two - one),
    unknownProducts: opportunities.filter((row) => !known.has(row['product'])).length,
    withoutAccount: opportunities.filter((row) => row['account'] === '').length,
    misspeltSectors: accounts.filter((row) => !sectors.has(row['sector'] ?? '')).length,
    idleAgents: agents.filter((row) => !busy.has(row['sales_agent'])).length,
  }
}

function add(counts: Map<string, number>, key: string, value: number): void {
  counts.set(key, (counts.get(key) ?? 0) + value)
}

function quarterOf(day: string): string {
  return `${day.slice(0, 4)} ${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

function days(row: Row): number {
  return (Date.parse(row['close_date'] ?? '') - Date.parse(row['engage_date'] ?? '')) / 86_400_000
}
