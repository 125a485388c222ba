/** Something that reads others by name. */
export interface Reader {
  readonly name: string
  readonly references: readonly string[]
}

/** Readers in an order in which each follows what it reads, and the circles that prevent it. */
export interface ReadingOrder<Node extends Reader> {
  /** Those of a circle, and what reads them, are left out. */
  readonly ordered: readonly Node[]
  /** Each circle once, as names in the order of reading; the first is the smallest. */
  readonly cycles: readonly (readonly string[])[]
}

/** Orders nodes so that each follows what it reads; among equals by name. References to other names are ignored. */
export function orderByReading<Node extends Reader>(nodes: readonly Node[]): ReadingOrder<Node> {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const names = [...byName.keys()].toSorted()
  const ordered: Node[] = []
  const cycles = new Map<string, readonly string[]>()
  const states = new Map<string, 'open' | 'done' | 'broken'>()
  const path: string[] = []
  const visit = (name: string): boolean => {
    const node = byName.get(name)
    if (node === undefined) return true
    const state = states.get(name)
    if (state === 'done' || state === 'broken') return state === 'done'
    if (state === 'open') {
      const cycle = rotate(path.slice(path.indexOf(name)))
      cycles.set(cycle.join(), cycle)
      return false
    }
    states.set(name, 'open')
    path.push(name)
    const isSound = node.references.toSorted().map(visit).every(Boolean)
    path.pop()
    states.set(name, isSound ? 'done' : 'broken')
    if (isSound) ordered.push(node)
    return isSound
  }
  for (const name of names) visit(name)
  return { ordered, cycles: [...cycles.values()] }
}

/** The same circle, beginning with its smallest name. */
function rotate(cycle: readonly string[]): readonly string[] {
  const smallest = cycle.indexOf(cycle.toSorted()[0] ?? '')
  return [...cycle.slice(smallest), ...cycle.slice(0, smallest)]
}
