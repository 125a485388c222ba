import type { Rows, StreamName } from '../rows.ts'
import { accountAt, accountRow } from './accounts.ts'
import { ACTIVITIES_MAX, activityRows } from './activities.ts'
import { DEAL_STAGES_MAX, dealRow, dealsOf, dealStageRows, NOTES_MAX, noteRows } from './deals.ts'
import { EMAIL_EVENTS_MAX, EMAILS_MAX, emailEventRows, emailRows } from './emails.ts'
import { DEALS_MAX, LEADS_MAX, PEOPLE_MAX } from './ids.ts'
import { leadRow, leadsOf } from './leads.ts'
import { peopleRows } from './people.ts'
import { type Member, sdrRow, STAYS_MAX, teamRows } from './staff.ts'
import { USAGE_MAX, usageRows } from './usage.ts'
import { type CompanyOptions, createWorld, type World } from './world.ts'

/**
 * A stream as units (members of staff, or accounts) that each hold up to `slots` rows. A row's id is
 * `(unit * slots + slot + 1) * 10 + digit`, so ids ascend with units and every row can be found from its id.
 */
export interface StreamShape<Row> {
  readonly digit: number
  readonly slots: number
  readonly units: (world: World) => number
  readonly rows: (world: World, unit: number) => Row[]
}

const members = (world: World): number => world.staff.length
const accounts = (world: World): number => world.accounts
const member = (world: World, unit: number): Member => world.staff[unit] as Member

/** How each stream is laid out and computed. */
export const SHAPES: { readonly [Name in StreamName]: StreamShape<Rows[Name]> } = {
  sdrs: {
    digit: 9,
    slots: 1,
    units: members,
    rows: (world, unit) => [sdrRow(member(world, unit), world.now)],
  },
  teams: {
    digit: 0,
    slots: STAYS_MAX,
    units: members,
    rows: (world, unit) => teamRows(member(world, unit), unit),
  },
  accounts: {
    digit: 1,
    slots: 1,
    units: accounts,
    rows: (world, unit) => [accountRow(accountAt(world, unit))],
  },
  people: {
    digit: 2,
    slots: PEOPLE_MAX,
    units: accounts,
    rows: (world, unit) => {
      const account = accountAt(world, unit)
      return peopleRows(world, account, leadsOf(world, account))
    },
  },
  leads: {
    digit: 3,
    slots: LEADS_MAX,
    units: accounts,
    rows: (world, unit) => leadsOf(world, accountAt(world, unit)).map((lead) => leadRow(world, lead)),
  },
  deals: {
    digit: 4,
    slots: DEALS_MAX,
    units: accounts,
    rows: (world, unit) => dealsAt(world, unit).map(dealRow),
  },
  deal_stages: {
    digit: 5,
    slots: DEALS_MAX * DEAL_STAGES_MAX,
    units: accounts,
    rows: (world, unit) => dealsAt(world, unit).flatMap(dealStageRows),
  },
  notes: {
    digit: 0,
    slots: DEALS_MAX * NOTES_MAX,
    units: accounts,
    rows: (world, unit) => dealsAt(world, unit).flatMap((deal) => noteRows(world, deal)),
  },
  activities: {
    digit: 6,
    slots: LEADS_MAX * ACTIVITIES_MAX,
    units: accounts,
    rows: (world, unit) => {
      const account = accountAt(world, unit)
      const leads = leadsOf(world, account)
      const deals = dealsOf(world, account, leads)
      return leads.flatMap((lead) =>
        activityRows(
          world,
          lead,
          deals.find((deal) => deal.lead === lead),
        ),
      )
    },
  },
  emails: {
    digit: 7,
    slots: LEADS_MAX * EMAILS_MAX,
    units: accounts,
    rows: (world, unit) => leadsOf(world, accountAt(world, unit)).flatMap((lead) => emailRows(world, lead)),
  },
  email_events: {
    digit: 8,
    slots: LEADS_MAX * EMAILS_MAX * EMAIL_EVENTS_MAX,
    units: accounts,
    rows: (world, unit) =>
      leadsOf(world, accountAt(world, unit)).flatMap((lead) => emailEventRows(world, lead)),
  },
  product_usage: {
    digit: 1,
    slots: USAGE_MAX,
    units: accounts,
    rows: (world, unit) => {
      const account = accountAt(world, unit)
      const leads = leadsOf(world, account)
      return usageRows(world, account, leads, dealsOf(world, account, leads))
    },
  },
}

function dealsAt(world: World, unit: number): ReturnType<typeof dealsOf> {
  const account = accountAt(world, unit)
  return dealsOf(world, account, leadsOf(world, account))
}

/** The names of all streams. */
export const STREAM_NAMES: readonly StreamName[] = Object.keys(SHAPES) as StreamName[]

/** A pretend B2B SaaS company up to one moment. It holds no records: each is computed when it is read. */
export interface Company {
  readonly world: World
  /** All rows of a stream, in order of id, in constant memory. */
  read<Name extends StreamName>(name: Name): Generator<Rows[Name], void, undefined>
}

/** Lays out a company; takes milliseconds at any size. Throws RangeError on an option out of range. */
export function createCompany(options: CompanyOptions): Company {
  const world = createWorld(options)
  return {
    world,
    *read(name) {
      const { units, rows } = SHAPES[name]
      const count = units(world)
      for (let unit = 0; unit < count; unit++) yield* rows(world, unit)
    },
  }
}
