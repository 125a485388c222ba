/** How many places each account has in a stream; most stay empty. */
export const PEOPLE_MAX = 8
export const LEADS_MAX = 4
/** One per lead, and the direct one. */
export const DEALS_MAX = 5

/** Turns a record's place within its stream into its id; the last digit tells the stream. */
export function idOf(place: number, digit: number): number {
  return (place + 1) * 10 + digit
}

export function personId(accountIndex: number, slot: number): number {
  return idOf(accountIndex * PEOPLE_MAX + slot, 2)
}

export function dealId(accountIndex: number, slot: number): number {
  return idOf(accountIndex * DEALS_MAX + slot, 4)
}
