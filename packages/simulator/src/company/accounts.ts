import { DAY, isoTime } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { AccountRow } from '../rows.ts'
import { COMPANY_FORMS, COMPANY_STEMS, COMPANY_TRADES, INDUSTRIES, plain } from '../words.ts'
import { idOf } from './ids.ts'
import type { World } from './world.ts'

export interface Account {
  readonly index: number
  readonly id: number
  readonly name: string
  readonly domain: string
  readonly country: string
  readonly industry: string | null
  readonly employees: number
  readonly created: number
  readonly updated: number
  /** How many people become leads over time. */
  readonly leads: number
  /** How many further contacts are known. */
  readonly colleagues: number
  /** Bought a direct deal, without a lead and an SDR. */
  readonly buysDirectly: boolean
}

const stemParts = COMPANY_STEMS.map(plain)
const tradeParts = COMPANY_TRADES.map(plain)

const COUNTRIES = weighted([
  ['ES', 40],
  ['MX', 10],
  ['FR', 10],
  ['DE', 10],
  ['CO', 8],
  ['GB', 7],
  ['US', 7],
  ['AR', 4],
  ['PT', 4],
])
const LEADS = weighted([
  [0, 8],
  [1, 42],
  [2, 28],
  [3, 14],
  [4, 8],
])
const COLLEAGUES = weighted([
  [0, 60],
  [1, 30],
  [2, 10],
])
const EMPLOYEES = [2, 11, 24, 45, 80, 150, 320, 900, 6000]
/** New accounts per day are this many times more at the end than at the start, less one. */
const GROWTH = 1.6

export function accountAt(world: World, index: number): Account {
  const dice = new Dice(world.seed, SUBJECT.account, index)
  const share = (index + dice.unit()) / world.accounts
  const progress = (Math.sqrt(1 + (2 * GROWTH + GROWTH * GROWTH) * share) - 1) / GROWTH
  const created = world.start + Math.floor(progress * (world.now - world.start))
  const stem = dice.below(COMPANY_STEMS.length)
  const trade = dice.below(COMPANY_TRADES.length)
  const name = `${COMPANY_STEMS[stem]} ${COMPANY_TRADES[trade]} ${dice.pick(COMPANY_FORMS)}`
  return {
    index,
    id: idOf(index, 1),
    name: oddName(dice, name),
    domain: `${stemParts[stem]}-${tradeParts[trade]}-${index.toString(36)}.example`,
    country: dice.pick(COUNTRIES),
    industry: dice.chance(0.96) ? dice.pick(INDUSTRIES) : dice.chance(0.5) ? '' : null,
    employees: dice.quantile(EMPLOYEES),
    created,
    updated: bulkEdited(world, dice, created),
    leads: dice.pick(LEADS),
    colleagues: dice.pick(COLLEAGUES),
    buysDirectly: dice.chance(0.06),
  }
}

/** One name in fifty is one that breaks naive readers. */
function oddName(dice: Dice, name: string): string {
  if (!dice.chance(0.02)) return name
  return dice.pick([
    `"${name}"`,
    `${name}, Hijos & Cía`,
    `${name}\n(antes Grupo Ñandú)`,
    `${name} 🚀`,
    `O'Hara; ${name}`,
    ` ${name} `,
    `${name} — 日本支社`,
  ])
}

/** A fifth of the old records were touched by one clean-up, at the very same instant. */
export function bulkEdited(world: World, dice: Dice, updated: number): number {
  return updated < world.bulkEditAt - DAY && dice.chance(0.2) ? world.bulkEditAt : updated
}

export function accountRow(account: Account): AccountRow {
  return {
    id: account.id,
    name: account.name,
    domain: account.domain,
    country: account.country,
    industry: account.industry,
    employees: account.employees,
    created_at: isoTime(account.created),
    updated_at: isoTime(account.updated),
  }
}
