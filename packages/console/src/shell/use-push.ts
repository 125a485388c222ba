import { formatView, type PushEvent, type RunSummary, type TileAnswer, type ViewState } from '@caudal/spec'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { liveAddress } from '../api/client.ts'
import { useLive } from '../api/live.ts'
import { keys, useProject } from '../api/queries.ts'

/** The dashboard and view whose tiles are pushed. */
export interface LiveSubject {
  readonly dashboard: string
  readonly view: ViewState
  /** The tiles have been answered, so the push continues where the answers end. */
  readonly isReady: boolean
}

/** Rows that a stage of a run has moved so far, by stage id. */
export type Progress = Readonly<Record<string, { readonly rows: number; readonly note?: string }>>

/** Where the progress of a run lies in the cache. */
export function progressKey(run: string): readonly string[] {
  return ['progress', run]
}

/** Keeps the page's answers new: every page is connected while it is open. */
export function usePush(subject?: LiveSubject): void {
  const cache = useQueryClient()
  const fingerprint = useProject().data?.fingerprint
  const subjectKey = subject === undefined ? 'page' : `${subject.dashboard}?${formatView(subject.view)}`
  useLive({
    key: subject?.isReady === false ? undefined : subjectKey,
    address: () => liveAddress(subject, subject === undefined ? undefined : oldestAnswer(cache, subject)),
    onEvent: (event) => receive(cache, event, subject, fingerprint),
    onOpen: () => {
      if (subject === undefined) refreshOlder(cache, Date.now())
    },
  })
}

/** The ledger sequence number that all answers of the view include. */
function oldestAnswer(cache: QueryClient, subject: LiveSubject): number | undefined {
  const answers = cache.getQueriesData<TileAnswer>({ queryKey: keys.tiles(subject.dashboard) })
  const view = formatView(subject.view).toString()
  const sequences = answers.flatMap(([key, answer]) =>
    key.at(-1) === view && answer?.state === 'ready' ? [answer.sequence] : [],
  )
  return sequences.length === 0 ? undefined : Math.min(...sequences)
}

/** What was answered before the connection stood may have missed a commit. */
function refreshOlder(cache: QueryClient, openedAt: number): void {
  void cache.invalidateQueries(
    { predicate: ({ state }) => state.dataUpdatedAt > 0 && state.dataUpdatedAt < openedAt },
    { cancelRefetch: false },
  )
}

function receive(
  cache: QueryClient,
  event: PushEvent,
  subject: LiveSubject | undefined,
  fingerprint: string | undefined,
): void {
  switch (event.kind) {
    case 'tile':
      if (subject !== undefined) takeTile(cache, subject, event.answer)
      return
    case 'commit':
      void cache.invalidateQueries({ queryKey: keys.status })
      void cache.invalidateQueries({ queryKey: keys.graph })
      return
    case 'run':
      takeRun(cache, event.run)
      return
    case 'progress':
      cache.setQueryData<Progress>(progressKey(event.run), (former = {}) => ({
        ...former,
        [event.stage]: { rows: event.rows, ...(event.note === undefined ? {} : { note: event.note }) },
      }))
      return
    case 'project':
      if (fingerprint !== undefined && fingerprint !== event.fingerprint) void cache.invalidateQueries()
  }
}

function takeTile(cache: QueryClient, subject: LiveSubject, answer: TileAnswer): void {
  const key = keys.tile(subject.dashboard, answer.tile, formatView(subject.view).toString())
  const held = cache.getQueryData<TileAnswer>(key)
  const isOlder = answer.state === 'ready' && held?.state === 'ready' && answer.sequence < held.sequence
  if (!isOlder) cache.setQueryData(key, answer)
}

/** Each connection begins with the last runs: only what is new of them, or still goes on, makes answers stale. */
function takeRun(cache: QueryClient, run: RunSummary): void {
  const seenKey = ['run seen', run.id]
  const seen = cache.getQueryData<string>(seenKey)
  const now = JSON.stringify(run)
  cache.setQueryData(seenKey, now)
  const hasEnded = run.state !== 'queued' && run.state !== 'running'
  if (seen === now || (seen === undefined && hasEnded)) return
  for (const queryKey of [keys.runs, keys.run(run.id), keys.schedules, keys.status, keys.graph]) {
    void cache.invalidateQueries({ queryKey })
  }
}
