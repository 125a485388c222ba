import { DAY, isoTime } from '../calendar.ts'
import { Dice, SUBJECT } from '../random.ts'
import type { PersonRow } from '../rows.ts'
import { FIRST_NAMES, JOB_TITLES, LAST_NAMES, plain } from '../words.ts'
import { type Account, bulkEdited } from './accounts.ts'
import type { Lead } from './leads.ts'
import { PEOPLE_MAX, personId } from './ids.ts'
import type { World } from './world.ts'

const COLLEAGUES_FROM = 4
const COLLEAGUE_DELAY_DAYS = [0, 3, 20, 60, 200, 400]

const firstParts = FIRST_NAMES.map(plain)
const lastParts = LAST_NAMES.map(plain)

/** The address under which a person writes; the slot keeps namesakes of one account apart. */
export function addressOf(world: World, account: Account, slot: number): string {
  const { first, last } = nameOf(new Dice(world.seed, SUBJECT.person, account.index * PEOPLE_MAX + slot))
  return `${firstParts[first]}.${lastParts[last]}${slot === 0 ? '' : slot + 1}@${account.domain}`
}

function nameOf(dice: Dice): { first: number; last: number } {
  return { first: dice.below(FIRST_NAMES.length), last: dice.below(LAST_NAMES.length) }
}

/** The people behind the leads, who are known since their lead was created, then their colleagues. */
export function peopleRows(world: World, account: Account, leads: readonly Lead[]): PersonRow[] {
  const rows = leads.map((lead) => personRow(world, account, lead.slot, lead.created))
  for (let colleague = 0; colleague < account.colleagues; colleague++) {
    const slot = COLLEAGUES_FROM + colleague
    const dice = new Dice(world.seed, SUBJECT.person, -1 - account.index * PEOPLE_MAX - slot)
    const known = account.created + dice.quantile(COLLEAGUE_DELAY_DAYS) * DAY + dice.below(DAY)
    if (known <= world.now) rows.push(personRow(world, account, slot, known))
  }
  return rows
}

function personRow(world: World, account: Account, slot: number, known: number): PersonRow {
  const dice = new Dice(world.seed, SUBJECT.person, account.index * PEOPLE_MAX + slot)
  const { first, last } = nameOf(dice)
  const address = `${firstParts[first]}.${lastParts[last]}${slot === 0 ? '' : slot + 1}@${account.domain}`
  const hasPhone = dice.chance(0.7)
  const hasTitle = dice.chance(0.9)
  return {
    id: personId(account.index, slot),
    account_id: account.id,
    first_name: FIRST_NAMES[first] as string,
    last_name: LAST_NAMES[last] as string,
    email: dice.chance(0.01) ? address.toUpperCase() : address,
    phone: hasPhone ? `+34 6${10000000 + dice.below(89999999)}` : dice.chance(0.5) ? '' : null,
    job_title: hasTitle ? dice.pick(JOB_TITLES) : dice.chance(0.5) ? '' : null,
    email_opt_out: dice.chance(0.03),
    created_at: isoTime(known),
    updated_at: isoTime(bulkEdited(world, dice, known)),
  }
}
