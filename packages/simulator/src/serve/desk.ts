import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createCompany } from '../company/company.ts'
import { type Totals, totalsOf } from '../totals.ts'
import { type Answer, Refusal } from './answer.ts'
import { type Api, answerApi } from './api.ts'
import { answerControl, type Controls } from './control.ts'
import { type Fault, Faults } from './faults.ts'
import type { Change } from './market.ts'
import { OAuth, type OAuthOptions } from './oauth.ts'
import { type RateLimit, RateLimiter } from './rate-limit.ts'
import { Seller } from './seller.ts'
import { faultyAnswer, send } from './send.ts'
import type { SellOptions, ServeOptions } from './options.ts'
import { createStores } from './stores.ts'

const REQUESTS_MAX = 10_000
const PLENTY: RateLimit = { requests: 100_000, windowMs: 10_000 }
const CLIENT: OAuthOptions = { clientId: 'demo', clientSecret: 'demo-secret', accessTokenSeconds: 1800 }

/** Where requests are received: admits them, has them answered, and remembers them. */
export class Desk implements Controls {
  readonly token: string
  readonly requests: string[] = []
  readonly faults: Faults
  readonly #api: Api
  readonly #oauth: OAuth
  readonly #seller: Seller

  constructor(options: ServeOptions) {
    const company = createCompany(options)
    const stores = createStores(company)
    const limiter = new RateLimiter(options.rateLimit ?? PLENTY)
    this.token = options.token ?? 'demo-token'
    this.faults = new Faults(options.faults ?? [])
    this.#oauth = new OAuth({ ...CLIENT, ...options.oauth })
    this.#seller = new Seller(company, stores, options.clock ?? Date.now)
    this.#api = { company, stores, limiter, pageSize: options.pageSize ?? 100 }
  }

  tick(count = 1): Change[] {
    return Array.from({ length: count }, () => this.#seller.tick()).flat()
  }

  sell({ everyMs, seed }: SellOptions): void {
    if (everyMs === 0) this.#seller.stop()
    else this.#seller.start(everyMs, seed)
  }

  totals(): Totals {
    const { leads, deals, emails } = this.#api.stores
    return totalsOf({ leads: leads.all(), deals: deals.all(), emails: emails.all() })
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${request.socket.localPort}`)
    if (url === null) return send(response, new Refusal(400, 'not an address').answer(), undefined)
    if (url.pathname.startsWith('/_control')) {
      return send(response, await answered(() => this.#control(request, url)), undefined)
    }
    const fault = this.faults.next(url.pathname)
    const answer = faultyAnswer(fault) ?? (await answered(() => this.#answer(request, url, fault)))
    this.requests.push(`${request.method} ${request.url} ${answer.status}`)
    if (this.requests.length > REQUESTS_MAX) this.requests.shift()
    await send(response, { ...answer, headers: { ...this.#api.limiter.headers(), ...answer.headers } }, fault)
  }

  async #control(request: IncomingMessage, url: URL): Promise<Answer> {
    if (request.headers.origin !== undefined) throw new Refusal(403, 'not for web pages')
    const { method = 'GET' } = request
    return answerControl(this, { method, url, body: await text(request) })
  }

  async #answer(request: IncomingMessage, url: URL, fault: Fault | undefined): Promise<Answer> {
    const { method, headers } = request
    if (url.pathname === '/oauth/token' && method === 'POST') {
      return this.#oauth.answer(new URLSearchParams(await text(request)), headers.authorization)
    }
    this.#admit(headers.authorization)
    if (method !== 'GET') throw new Refusal(405, `${method}: only GET is answered`, { allow: 'GET' })
    return answerApi(this.#api, url, fault?.kind)
  }

  #admit(authorization: string | undefined): void {
    const { limiter } = this.#api
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined || (token !== this.token && !this.#oauth.accepts(token))) {
      throw new Refusal(401, 'no valid bearer token', { 'www-authenticate': 'Bearer' })
    }
    if (limiter.take()) return
    throw new Refusal(429, 'the quota is used up', { 'retry-after': limiter.retryAfter() })
  }
}

async function answered(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof Refusal) return error.answer()
    return new Refusal(error instanceof RangeError ? 400 : 500, String(error)).answer()
  }
}
