import { type Answer, Refusal } from './answer.ts'
import type { Totals } from '../totals.ts'
import type { Faults } from './faults.ts'
import type { Change } from './market.ts'
import type { SellOptions } from './options.ts'

/** What can be steered. */
export interface Controls {
  readonly faults: Faults
  readonly requests: readonly string[]
  tick(count: number): Change[]
  sell(options: SellOptions): void
  totals(): Totals
}

/** A request to `/_control`, which steers the simulator from another process; it needs no token. */
export interface ControlRequest {
  readonly method: string
  readonly url: URL
  readonly body: string
}

/** Faults, ticks, selling, totals and past requests by HTTP. */
export function answerControl(desk: Controls, { method, url, body }: ControlRequest): Answer {
  switch (`${method} ${url.pathname}`) {
    case 'GET /_control/faults':
      return ok(desk.faults.list())
    case 'POST /_control/faults':
      desk.faults.set(json(body))
      return ok(desk.faults.list())
    case 'DELETE /_control/faults':
      desk.faults.set([])
      return ok([])
    case 'POST /_control/tick':
      return ok(desk.tick(Number(url.searchParams.get('count') ?? 1)))
    case 'POST /_control/sell':
      desk.sell(json(body) as SellOptions)
      return ok({})
    case 'DELETE /_control/sell':
      desk.sell({ everyMs: 0 })
      return ok({})
    case 'GET /_control/totals':
      return ok(desk.totals())
    case 'GET /_control/requests':
      return ok(desk.requests)
    default:
      throw new Refusal(404, `nothing at ${method} ${url.pathname}`)
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
}
