import { runOn } from './run-on.ts'

interface PushedEvent {
  readonly kind: string
  readonly sequence?: number
  readonly tables?: readonly string[]
}

/** Somebody who looks at a dashboard of a server. */
export class Viewer {
  readonly #url: string
  readonly #dashboard: string
  #changes = 0
  #tiles: Promise<readonly string[]> | undefined

  constructor(url: string, dashboard: string) {
    this.#url = url
    this.#dashboard = dashboard
  }

  /** Opens the dashboard. @returns milliseconds until all tiles are there. */
  paint(): Promise<number> {
    return this.#view('')
  }

  /** Chooses what nobody chose before. @returns milliseconds until all tiles are there. */
  changeFilter(): Promise<number> {
    return this.#view(this.#nextView())
  }

  /** Asks for one tile after the other, each in a view of its own, for so many seconds. @returns milliseconds of each. */
  async lookFor(seconds: number): Promise<number[]> {
    const end = performance.now() + seconds * 1000
    return this.#look(() => performance.now() < end)
  }

  /** Looks as {@link lookFor} does while a run selects a node. */
  async lookDuring(select: string): Promise<{ readonly waits: readonly number[]; readonly seconds: number }> {
    const startedAt = performance.now()
    let seconds: number | undefined
    const run = runOn(this.#url, { select: [select] }).then(
      () => (seconds = (performance.now() - startedAt) / 1000),
    )
    const [waits] = await Promise.all([this.#look(() => seconds === undefined), run])
    return { waits, seconds: seconds ?? Number.NaN }
  }

  /** Runs a node of one more row. @returns milliseconds from the commit's push until every tile that it changes was pushed. */
  async waitForCommit(select: string): Promise<number> {
    const stop = new AbortController()
    const live = await fetch(`${this.#url}/api/v1/live?dashboard=${this.#dashboard}`, { signal: stop.signal })
    const wanted = (await this.#tileIds()).length
    let committedAt = 0
    let sequence = Infinity
    let pushed = 0
    let first = wanted
    try {
      for await (const event of pushedEvents(live)) {
        if (event.kind === 'tile' && first > 0 && --first === 0) void runOn(this.#url, { select: [select] })
        else if (event.kind === 'commit' && event.tables?.includes(select)) {
          committedAt = performance.now()
          sequence = event.sequence ?? Infinity
        } else if (event.kind === 'tile' && (event.sequence ?? 0) >= sequence && ++pushed === wanted) break
      }
    } finally {
      stop.abort()
    }
    return performance.now() - committedAt
  }

  async #look(goesOn: () => boolean): Promise<number[]> {
    const tiles = await this.#tileIds()
    const waits: number[] = []
    for (let index = 0; goesOn(); index++) {
      const startedAt = performance.now()
      await this.#tile(tiles[index % tiles.length] ?? '', this.#nextView())
      waits.push(performance.now() - startedAt)
    }
    return waits
  }

  async #view(view: string): Promise<number> {
    const startedAt = performance.now()
    await Promise.all((await this.#tileIds()).map((tile) => this.#tile(tile, view)))
    return performance.now() - startedAt
  }

  /** A view that no earlier one is like: its answer is in no cache. */
  #nextView(): string {
    const change = this.#changes++
    return `?f.sdr=sdr-${change % 60}&f.sdr=sdr-${(change + 1 + Math.floor(change / 60)) % 60}`
  }

  async #tile(tile: string, view: string): Promise<void> {
    const answer = await this.#get<{ state: string }>(`dashboards/${this.#dashboard}/tiles/${tile}${view}`)
    if (answer.state !== 'ready') throw new Error(`tile ${tile}: ${JSON.stringify(answer)}`)
  }

  #tileIds(): Promise<readonly string[]> {
    return (this.#tiles ??= this.#get<{ dashboard: { rows: { id: string }[][] } }>(
      `dashboards/${this.#dashboard}`,
    ).then(({ dashboard }) => dashboard.rows.flat().map(({ id }) => id)))
  }

  async #get<Answer>(address: string): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/v1/${address}`)
    if (!response.ok) throw new Error(`${address}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
}

async function* pushedEvents(response: Response): AsyncGenerator<PushedEvent> {
  if (response.body === null) return
  let text = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) yield JSON.parse(data.slice(6)) as PushedEvent
    }
  }
}
