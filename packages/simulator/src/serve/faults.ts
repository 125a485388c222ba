import { Refusal } from './answer.ts'

export const FAULT_KINDS = [
  'too-many-requests',
  'server-error',
  'unauthorized',
  'cut',
  'slow',
  'html',
  'error-body',
  'repeat-page',
  'stuck-cursor',
] as const

/** What goes wrong. `cut` ends the connection in the middle of the body; the last two never let paging end. */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** Something that goes wrong with some requests. Each fault counts the requests to its path, from 1. */
export interface Fault {
  readonly kind: FaultKind
  /** Only requests whose path begins so, such as `/v1/deals`; all by default. */
  readonly path?: string
  /** These requests; without `at`, `every` and `from`: each. */
  readonly at?: readonly number[]
  /** Each n-th request. */
  readonly every?: number
  /** Each request from the n-th on. */
  readonly from?: number
  /** How often at most. */
  readonly times?: number
  /** Of `server-error`: 503 by default. */
  readonly status?: number
  /** Of `too-many-requests` and `server-error`: the header `Retry-After`; 1 for the former, none for the latter by default. */
  readonly retryAfterSeconds?: number
  /** Of `slow`: 1000 by default. */
  readonly delayMs?: number
}

/** The faults that are switched on. */
export class Faults {
  #entries: { readonly fault: Fault; requests: number; hits: number }[] = []

  constructor(faults: readonly Fault[]) {
    this.set(faults)
  }

  /** Replaces all faults and begins to count anew. Throws a refusal on one that is not understood. */
  set(faults: unknown): void {
    if (!Array.isArray(faults)) throw new Refusal(400, 'faults: not a list')
    this.#entries = faults.map((fault) => ({ fault: checked(fault), requests: 0, hits: 0 }))
  }

  /** The faults with how many requests they saw and how many they hit. */
  list(): readonly { readonly fault: Fault; readonly requests: number; readonly hits: number }[] {
    return this.#entries
  }

  /** The fault of this request, if any: the first that applies. */
  next(path: string): Fault | undefined {
    let hit: Fault | undefined
    for (const entry of this.#entries) {
      if (!path.startsWith(entry.fault.path ?? '/')) continue
      entry.requests++
      if (hit !== undefined || entry.hits >= (entry.fault.times ?? Infinity)) continue
      if (!applies(entry.fault, entry.requests)) continue
      entry.hits++
      hit = entry.fault
    }
    return hit
  }
}

function checked(fault: Partial<Fault> | null): Fault {
  const kind = fault?.kind
  if (kind !== undefined && FAULT_KINDS.includes(kind)) return fault as Fault
  throw new Refusal(400, `fault kind ${String(kind)}: not one of ${FAULT_KINDS.join(', ')}`)
}

function applies({ at, every, from }: Fault, request: number): boolean {
  if (at === undefined && every === undefined && from === undefined) return true
  return (
    Boolean(at?.includes(request)) ||
    (every !== undefined && request % every === 0) ||
    request >= (from ?? Infinity)
  )
}
