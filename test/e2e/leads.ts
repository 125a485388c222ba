/** A lead as the source of the small project hands it over. */
export interface Lead {
  readonly id: number
  readonly sdr: string
  readonly team: string
  readonly channel: string | null
  readonly stage: 'open' | 'met' | 'won'
  readonly amount: string | null
  readonly enteredOn: string
}

const people = [
  ['Ana Ruiz', 'North'],
  ['Ben Okafor', 'North'],
  ['Carla Méndez', 'South'],
  ['Dan Lee', 'South'],
  ['Eva Sol', 'South'],
] as const
const channels = ['Email', 'LinkedIn', 'Event', null] as const
const stages = ['open', 'open', 'met', 'won'] as const
const dayMs = 86_400_000

/** A lead by its number: equal numbers make equal leads, `daysAgo` before today. */
export function leadOf(id: number, daysAgo: number, change: Partial<Lead> = {}): Lead {
  const [sdr, team] = people[(id * 7) % people.length] ?? people[0]
  const stage = stages[(id * 13 + (id >> 3)) % stages.length] ?? 'open'
  return {
    id,
    sdr,
    team,
    channel: channels[(id * 3 + (id >> 4)) % channels.length] ?? null,
    stage,
    amount:
      stage === 'won' ? `${((id * 7919) % 20_000) + 500}.${String((id * 37) % 100).padStart(2, '0')}` : null,
    enteredOn: new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10),
    ...change,
  }
}

/** Leads of the last 170 days. */
export function createLeads(count: number): Lead[] {
  return Array.from({ length: count }, (_, index) => leadOf(index + 1, ((index + 1) * 37) % 170))
}
