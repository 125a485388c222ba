import type { DimensionValues } from '@caudal/spec'

/** A value that a filter offers. */
export interface ListedChoice {
  readonly id: string
  readonly value: string | null
  /** Not among the known values: what was typed, to be used as it stands. */
  readonly isTyped: boolean
}

const shownMax = 100

/**
 * The values that a filter offers for a search: those chosen when it was opened first, then the most frequent. When not all values are
 * known, the searched text itself is offered too.
 */
export function listChoices(
  values: DimensionValues,
  first: readonly (string | null)[],
  search: string,
): readonly ListedChoice[] {
  const wanted = search.trim()
  const all = [...new Set([...first, ...values.values])]
  const matching = wanted === '' ? all : all.filter((value) => value !== null && matches(value, wanted))
  const listed = matching.slice(0, shownMax).map((value) => choice(value, false))
  const isNew = values.isCut && wanted !== '' && !all.includes(wanted)
  return isNew ? [...listed, choice(wanted, true)] : listed
}

/** Case and accents do not count. */
function matches(value: string, wanted: string): boolean {
  return plain(value).includes(plain(wanted))
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

function choice(value: string | null, isTyped: boolean): ListedChoice {
  return { id: value === null ? 'none' : `value ${value}`, value, isTyped }
}
