import { CaudalError, type JsonValue } from '@caudal/spec'
import type { Connection } from '../connection.ts'
import type { JsonRecord } from '../page/records-page.ts'
import { identify, type RestStream } from '../rest-stream.ts'
import { includedFields } from './include.ts'
import { walkPages } from './walk-pages.ts'
import type { WalkedPage, WalkRequest } from './walk.ts'

const parentsAhead = 8

/** Where the walk over a parent's records and their children stands. */
interface ChildAt {
  /** The parent's page. */
  readonly parent: JsonValue
  /** What names the records of that page whose children were read. */
  readonly done: readonly string[]
  /** The record that is being read, and where its children go on. */
  readonly current?: string
  readonly child?: JsonValue
}

/** Walks a stream: its pages, or, for a child stream, the pages of every record of its parent. */
export function walkStream(
  connection: Connection,
  stream: RestStream,
  request: WalkRequest,
): AsyncGenerator<WalkedPage> {
  return stream.parent === undefined
    ? walkPages(connection, stream, request)
    : walkChildren(connection, stream, stream.parent, request)
}

async function* walkChildren(
  connection: Connection,
  stream: RestStream,
  parent: RestStream,
  request: WalkRequest,
): AsyncGenerator<WalkedPage> {
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, stop.signal])
  const visits = { all: 0, absent: 0 }
  let from = request.from as unknown as ChildAt | undefined
  try {
    const parents = walkStream(connection, parent, {
      params: {},
      signal,
      ...(from === undefined ? {} : { from: from.parent }),
    })
    for await (const parentPage of parents) {
      const family = new Family({
        connection,
        stream,
        parent,
        parentPage,
        from,
        params: request.params,
        signal,
        visits,
      })
      yield* family.walk()
      from = undefined
    }
    refuseAllAbsent(connection, stream, visits)
  } finally {
    stop.abort(new Error('the walk has ended'))
  }
}

interface FamilyOptions {
  readonly connection: Connection
  readonly stream: RestStream
  readonly parent: RestStream
  readonly parentPage: WalkedPage
  readonly from: ChildAt | undefined
  readonly params: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly visits: { all: number; absent: number }
}

interface Visit {
  readonly name: string
  readonly record: JsonRecord
  readonly pages: AsyncGenerator<WalkedPage>
  readonly first: Promise<IteratorResult<WalkedPage>>
}

/** The children of one page of parents: the first pages of several are asked for at once and delivered in order. */
class Family {
  readonly #options: FamilyOptions
  readonly #done: Set<string>

  constructor(options: FamilyOptions) {
    this.#options = options
    this.#done = new Set(options.from?.done)
  }

  async *walk(): AsyncGenerator<WalkedPage> {
    const waiting = this.#records()
    const started: Visit[] = []
    while (waiting.length > 0 || started.length > 0) {
      while (started.length < parentsAhead && waiting.length > 0) started.push(this.#start(waiting.shift()))
      const visit = started.shift()
      if (visit === undefined) return
      yield* this.#visit(visit, waiting.length + started.length === 0)
    }
  }

  #records(): { name: string; record: JsonRecord }[] {
    const { parent, parentPage } = this.#options
    const { page, skip, extra } = parentPage
    return page.records.flatMap((record, index) => {
      const name = identify(parent, page, index)
      if (index < skip || this.#done.has(name)) return []
      return { name, record: extra === undefined ? record : { ...record, ...extra } }
    })
  }

  #start(entry: { name: string; record: JsonRecord } | undefined): Visit {
    if (entry === undefined) throw new Error('no record to start with')
    const { connection, stream, from, params, signal } = this.#options
    const child = from?.current === entry.name ? from.child : undefined
    const pages = walkPages(connection, stream, {
      params,
      signal,
      parent: entry.record,
      absentStatus: [404, 410],
      ...(child === undefined ? {} : { from: child }),
    })
    const first = pages.next()
    first.catch(() => undefined)
    return { ...entry, pages, first }
  }

  async *#visit({ name, record, pages, first }: Visit, isLast: boolean): AsyncGenerator<WalkedPage> {
    const { stream, parentPage, visits } = this.#options
    const extra = includedFields(stream.options, record)
    visits.all += 1
    let result = await first
    if (result.done === true) visits.absent += 1
    while (result.done !== true) {
      const { next: childNext, at: childAt, page, skip } = result.value
      const at: ChildAt = { parent: parentPage.at, done: [...this.#done], current: name, child: childAt }
      if (childNext === undefined) this.#done.add(name)
      const next = childNext === undefined ? this.#after(isLast) : { ...at, child: childNext }
      yield {
        page,
        skip,
        at: at as unknown as JsonValue,
        ...(extra === undefined ? {} : { extra }),
        ...(next === undefined ? {} : { next: next as unknown as JsonValue }),
      }
      result = await pages.next()
    }
    this.#done.add(name)
  }

  #after(isLast: boolean): ChildAt | undefined {
    const { parentPage } = this.#options
    if (!isLast) return { parent: parentPage.at, done: [...this.#done] }
    return parentPage.next === undefined ? undefined : { parent: parentPage.next, done: [] }
  }
}

/** One missing list means that its parent was deleted meanwhile; if all are missing, the path is wrong. */
function refuseAllAbsent(
  connection: Connection,
  stream: RestStream,
  visits: { all: number; absent: number },
): void {
  if (visits.absent === 0) return
  if (visits.absent < visits.all) {
    connection.log(
      'info',
      `${connection.source}.${stream.name}: ${visits.absent} of ${visits.all} parents had no such list.`,
      {
        stream: stream.name,
        absent: visits.absent,
      },
    )
    return
  }
  throw new CaudalError({
    code: 'CAUDAL_REST_CHILD_PATH',
    message: `${connection.source}.${stream.name}: the server knows \`${stream.options.path}\` for none of the ${visits.all} records of \`${stream.options.parent?.stream}\`.`,
    hint: 'Check `path` and the fields that it names.',
    context: { source: connection.source, stream: stream.name, path: stream.options.path },
  })
}
