import { createRandom } from './random.ts'
import { shift } from './calendar.ts'

/** A lead and what became of it. */
export interface Lead {
  readonly id: number
  readonly day: string
  readonly account: string
  readonly sdr: string
  readonly team: string
  readonly channel: string | null
  readonly isAnswered: boolean
  readonly isMet: boolean
  readonly isWon: boolean
  /** In cents, so that sums are exact. */
  readonly cents: number
  readonly secondsToReply: number
}

/** Today in the pretend company. */
export const today = '2026-11-24'

/** Its first day. */
export const firstDay = '2025-01-06'

const people = [
  ['Ana Ruiz', 'North'],
  ['Ben Okafor', 'North'],
  ['Carla Méndez', 'North'],
  ['Dmitri Ivanov', 'South'],
  ['Elena Castaño', 'South'],
  ['Farid Haddad', 'South'],
  ['Grace Lindqvist-Bartholomew', 'Partners'],
  ['Hugo Peña', 'Partners'],
  ['Ines Duarte', 'Partners'],
  ['Jun Watanabe', 'North'],
  ['Kira Novak', 'South'],
  ['Luis Ortega', 'Partners'],
] as const

const channels = ['Email', 'LinkedIn', 'Inbound', 'Event', 'Referral', 'Webinar', null] as const
const firms = [
  'Acme',
  'Globex',
  'Initech',
  'Umbra',
  'Hooli',
  'Vandelay',
  'Stark',
  'Wonka',
  'Cyberdyne',
  'Tyrell',
]
const forms = ['GmbH', 'SA', 'Ltd', 'Inc', 'SAS']

function pick<T>(from: readonly T[], random: () => number, lean = 1): T {
  const chosen = from[Math.floor(random() ** lean * from.length)]
  if (chosen === undefined) throw new Error('Invariant broken: nothing to pick from')
  return chosen
}

/** A lead of a day. */
export function createLead(id: number, day: string, random: () => number): Lead {
  const [sdr, team] = pick(people, random, 1.4)
  const isAnswered = random() < 0.46
  const isMet = isAnswered && random() < 0.52
  const isWon = isMet && random() < 0.38
  return {
    id,
    day,
    account: `${pick(firms, random)} ${pick(forms, random)}`,
    sdr,
    team,
    channel: pick(channels, random, 1.5),
    isAnswered,
    isMet,
    isWon,
    cents: isWon ? Math.round((1500 + random() ** 2 * 38_000) * 100) : 0,
    secondsToReply: Math.round(600 + random() ** 3 * 260_000),
  }
}

/** All leads up to today: more on working days, more every month. */
export function createLeads(seed: number): Lead[] {
  const random = createRandom(seed)
  const leads: Lead[] = []
  for (let day = firstDay, age = 0; day <= today; day = shift(day, 1), age++) {
    const isWeekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
    const count = Math.round((isWeekend ? 1.5 : 7) * (1 + age / 600) * (0.6 + random() * 0.8))
    for (let index = 0; index < count; index++) leads.push(createLead(leads.length + 1, day, random))
  }
  return leads
}
