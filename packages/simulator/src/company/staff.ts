import { DAY, isoDate, isoTime, NEVER } from '../calendar.ts'
import { Dice, SUBJECT, weighted } from '../random.ts'
import type { SdrRow, TeamRow } from '../rows.ts'
import { FIRST_NAMES, LAST_NAMES, plain } from '../words.ts'
import { idOf } from './ids.ts'

export type Role = 'sdr' | 'closer'

interface Duty {
  readonly team: string
  readonly role: Role
  readonly from: number
  readonly to: number
}

/** A salesperson with all stays in teams, oldest first, without gaps. */
export interface Member {
  readonly id: number
  readonly name: string
  readonly email: string
  /** How well leads and deals go, around 1. */
  readonly skill: number
  readonly left: number
  readonly duties: readonly Duty[]
}

const TEAMS = ['Iberia', 'LATAM', 'France & Benelux', 'DACH', 'Nordics', 'Enterprise']
const STAYS = weighted([
  [1, 50],
  [2, 35],
  [3, 15],
])
export const STAYS_MAX = 4

/** SDRs and closers: their number grows with the square root of the records. */
export function createStaff(seed: number, records: number, start: number, now: number): readonly Member[] {
  const sdrs = 6 + Math.floor(Math.sqrt(records) / 16)
  const closers = Math.max(3, Math.floor(sdrs / 3))
  const teams = TEAMS.slice(0, Math.min(TEAMS.length, Math.max(2, Math.floor(sdrs / 3))))
  return Array.from({ length: sdrs + closers }, (_, index) => {
    const role: Role = index < sdrs ? 'sdr' : 'closer'
    const isPillar = index < 3 || (index >= sdrs && index < sdrs + 2)
    return createMember(new Dice(seed, SUBJECT.staff, index), { index, role, isPillar, teams, start, now })
  })
}

interface Place {
  readonly index: number
  readonly role: Role
  /** There from before the start until after now, so that somebody always is. */
  readonly isPillar: boolean
  readonly teams: readonly string[]
  readonly start: number
  readonly now: number
}

function createMember(dice: Dice, place: Place): Member {
  const { index, isPillar, start, now } = place
  const name = `${dice.pick(FIRST_NAMES)} ${dice.pick(LAST_NAMES)}`
  const skill = 0.6 + dice.unit() * 0.8
  const startDay = Math.floor(start / DAY)
  const today = Math.floor(now / DAY)
  const isVeteran = dice.chance(0.6)
  const hired =
    isPillar || isVeteran ? startDay - dice.below(900) : startDay + dice.below(today - startDay - 30)
  const leaves = !isPillar && dice.chance(0.3) ? Math.max(hired, startDay) + 90 + dice.below(400) : NEVER
  const left = leaves <= today ? leaves : NEVER
  return {
    id: idOf(index, 9),
    name,
    email: `${plain(name)}.${100 + index}@riada.example`,
    skill,
    left: left * DAY,
    duties: createDuties(dice, place, hired, left, today),
  }
}

/** One to three stays of equal length; some SDRs spend their last one as closers. */
function createDuties(dice: Dice, place: Place, hired: number, left: number, today: number): Duty[] {
  const stays = dice.pick(STAYS)
  const isPromoted = place.role === 'sdr' && !place.isPillar && stays > 1 && dice.chance(0.25)
  const length = Math.floor((Math.min(left, today) - hired) / stays)
  const first = dice.below(place.teams.length)
  return Array.from({ length: stays }, (_, stay) => ({
    team: place.teams[(first + stay) % place.teams.length] as string,
    role: isPromoted && stay === stays - 1 ? 'closer' : place.role,
    from: (hired + length * stay) * DAY,
    to: (stay === stays - 1 ? left : hired + length * (stay + 1)) * DAY,
  }))
}

/** Who has each role at some time. */
export type Candidates = { readonly [Name in Role]: readonly Member[] }

export function candidatesOf(staff: readonly Member[]): Candidates {
  const having = (role: Role): Member[] =>
    staff.filter(({ duties }) => duties.some((duty) => duty.role === role))
  return { sdr: having('sdr'), closer: having('closer') }
}

/** Somebody who has the role at that time; the skilled are a little more likely. */
export function onDuty(candidates: Candidates, role: Role, at: number, dice: Dice): Member {
  const one = draw(candidates[role], role, at, dice)
  const other = draw(candidates[role], role, at, dice)
  return other.skill > one.skill && dice.chance(0.6) ? other : one
}

const DRAWS_MAX = 20

function draw(members: readonly Member[], role: Role, at: number, dice: Dice): Member {
  const hasRole = (member: Member): boolean =>
    member.duties.some((duty) => duty.role === role && duty.from <= at && at < duty.to)
  for (let turn = 0; turn < DRAWS_MAX; turn++) {
    const member = dice.pick(members)
    if (hasRole(member)) return member
  }
  return members.find(hasRole) as Member
}

export function sdrRow(member: Member, now: number): SdrRow {
  const changes = [...member.duties.map((duty) => duty.from), member.left]
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    role: (member.duties.findLast((duty) => duty.from <= now) as Duty).role,
    is_active: member.left > now,
    hired_on: isoDate((member.duties[0] as Duty).from),
    left_on: member.left <= now ? isoDate(member.left) : null,
    updated_at: isoTime(Math.max(...changes.filter((at) => at <= now))),
  }
}

export function teamRows(member: Member, index: number): TeamRow[] {
  return member.duties.map((duty, stay) => ({
    id: idOf(index * STAYS_MAX + stay, 0),
    sdr_id: member.id,
    team: duty.team,
    role: duty.role,
    valid_from: isoDate(duty.from),
    valid_to: duty.to === NEVER ? null : isoDate(duty.to),
    updated_at: isoTime(duty.to === NEVER ? duty.from : duty.to),
  }))
}
