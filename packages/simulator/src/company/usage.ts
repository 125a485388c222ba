import { DAY, isoTime } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { UsageRow } from '../rows.ts'
import type { Account } from './accounts.ts'
import type { Deal } from './deals.ts'
import type { Lead } from './leads.ts'
import { idOf, personId } from './ids.ts'
import type { World } from './world.ts'

export const USAGE_MAX = 100

const EVENTS = weighted([
  ['session_started', 40],
  ['report_viewed', 24],
  ['dashboard_shared', 10],
  ['data_exported', 9],
  ['integration_connected', 6],
  ['user_invited', 7],
  ['seat_added', 4],
])
const CLIENTS = weighted([
  ['web', 70],
  ['ios', 14],
  ['android', 12],
  ['api', 4],
])
const CUSTOMER_EVENTS = [3, 10, 18, 30, 48, USAGE_MAX]
const TRIAL_EVENTS = [1, 2, 4, 9]

/** Customers use the product from their first won deal on; some leads of the website try it for two weeks. */
export function usageRows(
  world: World,
  account: Account,
  leads: readonly Lead[],
  deals: readonly Deal[],
): UsageRow[] {
  const won = deals.find((deal) => deal.entries.at(-1)?.stage === 'closed_won')
  const user = won?.lead ?? leads[0]
  if (user === undefined) return []
  const dice = new Dice(world.seed, SUBJECT.usage, account.index)
  const isTrial = won === undefined
  if (isTrial && !(user.source === 'website' && dice.chance(0.35))) return []
  const from = isTrial ? user.created : (won.entries.at(-1)?.at ?? user.created)
  const until = isTrial ? Math.min(world.now, from + 14 * DAY) : world.now
  const count = dice.quantile(isTrial ? TRIAL_EVENTS : CUSTOMER_EVENTS)
  const seats = 1 + dice.below(isTrial ? 3 : 40)
  const usage = { plan: isTrial ? ('trial' as const) : ('paid' as const), seats }
  const rows: UsageRow[] = []
  for (let index = 0; index < count; index++) {
    const at = from + Math.floor(((until - from) * (index + dice.unit())) / count)
    rows.push({
      id: idOf(account.index * USAGE_MAX + index, 1),
      account_id: account.id,
      person_id: personId(account.index, user.slot),
      event: dice.pick(EVENTS),
      properties: { ...usage, client: dice.pick(CLIENTS) },
      occurred_at: isoTime(at),
    })
  }
  return rows
}
