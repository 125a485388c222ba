import {
  CaudalError,
  formatCell,
  formatView,
  type Cell,
  type DashboardAnswer,
  type DimensionValues,
  type ErrorReport,
  type GraphAnswer,
  type ProjectAnswer,
  type RowsAnswer,
  type RunRecord,
  type RunSummary,
  type ScheduleAnswer,
  type StatusAnswer,
  type TileAnswer,
  type ViewState,
} from '@caudal/spec'

const base = '/api/v1'

/** Every call of the console to its server. */
export const api = {
  project: (signal: AbortSignal): Promise<ProjectAnswer> => get('project', signal),
  dashboard: (name: string, signal: AbortSignal): Promise<DashboardAnswer> =>
    get(`dashboards/${part(name)}`, signal),
  tile: (dashboard: string, tile: string, view: ViewState, signal: AbortSignal): Promise<TileAnswer> =>
    get(`dashboards/${part(dashboard)}/tiles/${part(tile)}?${formatView(view)}`, signal),
  rows: (
    dashboard: string,
    tile: string,
    view: ViewState,
    cell: Cell,
    signal: AbortSignal,
  ): Promise<RowsAnswer> =>
    get(
      `dashboards/${part(dashboard)}/tiles/${part(tile)}/rows?${formatView(view)}&${formatCell(cell)}&limit=${rowLimit}`,
      signal,
    ),
  values: (dashboard: string, dimension: string, signal: AbortSignal): Promise<DimensionValues> =>
    get(`dashboards/${part(dashboard)}/values/${part(dimension)}`, signal),
  graph: (signal: AbortSignal): Promise<GraphAnswer> => get('graph', signal),
  runs: (before: string | undefined, signal: AbortSignal): Promise<readonly RunSummary[]> =>
    get(`runs?limit=${runPage}${before === undefined ? '' : `&before=${part(before)}`}`, signal),
  run: (id: string, signal: AbortSignal): Promise<RunRecord> => get(`runs/${part(id)}`, signal),
  startRun: (select: readonly string[]): Promise<RunSummary> => post('runs', { select }),
  cancelRun: (id: string): Promise<unknown> => post(`runs/${part(id)}/cancel`, {}),
  schedules: (signal: AbortSignal): Promise<readonly ScheduleAnswer[]> => get('schedules', signal),
  status: (signal: AbortSignal): Promise<StatusAnswer> => get('status', signal),
}

/** Runs per page of the list. */
export const runPage = 50

/** Rows that a drill asks for. */
const rowLimit = 500

/**
 * The address of the push; with a dashboard, also of new answers for its tiles in this view. `after`: the ledger sequence number that
 * the page's answers include; without it every tile of the view is sent first.
 */
export function liveAddress(
  subject?: { readonly dashboard: string; readonly view: ViewState },
  after?: number,
): string {
  const parameters = new URLSearchParams()
  if (subject !== undefined) {
    parameters.append('dashboard', subject.dashboard)
    parameters.append('view', formatView(subject.view).toString())
  }
  if (after !== undefined) parameters.append('after', String(after))
  return `${base}/live?${parameters}`
}

/** The address of a tile as CSV. */
export function tileCsvAddress(dashboard: string, tile: string, view: ViewState, language: string): string {
  return `${base}/dashboards/${part(dashboard)}/tiles/${part(tile)}.csv?${formatView(view)}&language=${language}`
}

/** The address of the rows behind a cell as CSV. */
export function rowsCsvAddress(dashboard: string, tile: string, view: ViewState, cell: Cell): string {
  return `${base}/dashboards/${part(dashboard)}/tiles/${part(tile)}/rows.csv?${formatView(view)}&${formatCell(cell)}&limit=10000`
}

function part(text: string): string {
  return encodeURIComponent(text)
}

async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  return answer<T>(path, { signal, headers: { accept: 'application/json' } })
}

async function post<T>(path: string, body: object): Promise<T> {
  return answer<T>(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function answer<T>(path: string, request: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(`${base}/${path}`, request)
  } catch (cause) {
    if (request.signal?.aborted === true) throw cause
    throw new CaudalError({
      code: offlineCode,
      message: `No answer from ${location.origin}${base}/${path}.`,
      retryable: true,
      cause,
    })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body as T
  throw CaudalError.fromReport(reportIn(body) ?? unreadable(path, response))
}

/** Code of the error when the server could not be reached. */
export const offlineCode = 'CAUDAL_CONSOLE_OFFLINE'

function reportIn(body: unknown): ErrorReport | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const report = 'error' in body && typeof body.error === 'object' && body.error !== null ? body.error : body
  return 'code' in report && 'message' in report ? (report as ErrorReport) : undefined
}

function unreadable(path: string, response: Response): ErrorReport {
  return {
    code: 'CAUDAL_CONSOLE_UNREADABLE',
    message: `${base}/${path} answered ${response.status} without an explanation.`,
    hint: 'See the log of the server.',
    retryable: response.status >= 500,
    context: { status: response.status },
  }
}
