/**
 * The known name nearest to a misspelt one, by edit distance; `undefined` when none is near
 * (more than a third of the longer name, rounded up, differs).
 */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Infinity
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance && distance <= Math.ceil(Math.max(name.length, candidate.length) / 3)) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** " Did you mean `x`?" or the empty string: to be appended to a message about an unknown name. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = didYouMean(name, known)
  return near === undefined ? '' : ` Did you mean \`${near}\`?`
}

/** What to say of each key of an object that is not among the known ones. @param where in front of the key, such as `targets.dev.` */
export function unknownKeys(given: object, known: readonly string[], where: string): string[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}${key} is not known.${suggestion(key, known)}`)
}

/** Letters to add, remove or replace, and neighbours to swap (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = isSwap ? (beforePrevious[j - 2] ?? 0) + 1 : Infinity
      current.push(Math.min(substitution, swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
