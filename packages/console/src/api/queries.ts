import {
  CaudalError,
  formatCell,
  formatView,
  type Cell,
  type DashboardAnswer,
  type DimensionValues,
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
import {
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useQueries,
  useQuery,
  type UseInfiniteQueryResult,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { api, runPage } from './client.ts'

/** The cache of answers: an answer stays until a push or a person asks for a newer one. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && CaudalError.isInstance(error) && error.retryable,
        // What could not be had is asked for again while its page is open.
        refetchInterval: ({ state }) =>
          state.status === 'error' && CaudalError.isInstance(state.error) && state.error.retryable
            ? 4000
            : false,
        retryDelay: (attempt) => Math.min(4000, 500 * 2 ** attempt),
      },
    },
  })
}

/** Keys by which answers are found again when a push makes them stale. */
export const keys = {
  project: ['project'],
  status: ['status'],
  graph: ['graph'],
  runs: ['runs'],
  schedules: ['schedules'],
  run: (id: string): readonly string[] => ['run', id],
  dashboard: (name: string): readonly string[] => ['dashboard', name],
  tiles: (dashboard: string): readonly string[] => ['tile', dashboard],
  /** `view` as `formatView` writes it. */
  tile: (dashboard: string, tile: string, view: string): readonly string[] => ['tile', dashboard, tile, view],
  values: (dashboard: string, dimension: string): readonly string[] => ['values', dashboard, dimension],
} as const

/** What the project is. */
export function useProject(): UseQueryResult<ProjectAnswer> {
  return useQuery({
    queryKey: keys.project,
    queryFn: ({ signal }) => api.project(signal),
    staleTime: Infinity,
  })
}

/** The state of the data. */
export function useStatus(): UseQueryResult<StatusAnswer> {
  return useQuery({ queryKey: keys.status, queryFn: ({ signal }) => api.status(signal) })
}

/** Schedules and their last runs. */
export function useSchedules(): UseQueryResult<readonly ScheduleAnswer[]> {
  return useQuery({ queryKey: keys.schedules, queryFn: ({ signal }) => api.schedules(signal) })
}

/** The graph of the project. */
export function useGraph(): UseQueryResult<GraphAnswer> {
  return useQuery({ queryKey: keys.graph, queryFn: ({ signal }) => api.graph(signal) })
}

/** Runs, newest first, page by page. */
export function useRuns(): UseInfiniteQueryResult<readonly RunSummary[]> {
  return useInfiniteQuery({
    queryKey: keys.runs,
    queryFn: ({ pageParam, signal }) => api.runs(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.length < runPage ? undefined : page.at(-1)?.id),
    select: (data) => data.pages.flat(),
  })
}

/** One run. */
export function useRun(id: string): UseQueryResult<RunRecord> {
  return useQuery({ queryKey: keys.run(id), queryFn: ({ signal }) => api.run(id, signal) })
}

/** The frame of a dashboard. */
export function useDashboard(name: string): UseQueryResult<DashboardAnswer> {
  return useQuery({
    queryKey: keys.dashboard(name),
    queryFn: ({ signal }) => api.dashboard(name, signal),
    staleTime: Infinity,
  })
}

/** The answer of a tile; while another view is fetched, the old answer stays. */
export function useTile(dashboard: string, tile: string, view: ViewState): UseQueryResult<TileAnswer> {
  return useQuery({ ...tileQuery(dashboard, tile, view), placeholderData: keepPreviousData })
}

/** When the newest answer of a view was computed; `undefined` before the first. */
export function useNewest(dashboard: string, tiles: readonly string[], view: ViewState): string | undefined {
  return useQueries({
    queries: tiles.map((tile) => tileQuery(dashboard, tile, view)),
    combine: (results) =>
      results
        .flatMap(({ data }) => (data?.state === 'ready' ? [data.asOf] : []))
        .toSorted()
        .at(-1),
  })
}

function tileQuery(
  dashboard: string,
  tile: string,
  view: ViewState,
): UseQueryOptions<TileAnswer, Error, TileAnswer, readonly string[]> {
  return {
    queryKey: keys.tile(dashboard, tile, formatView(view).toString()),
    queryFn: ({ signal }) => api.tile(dashboard, tile, view, signal),
  }
}

/** The rows behind a cell. */
export function useRows(
  dashboard: string,
  tile: string,
  view: ViewState,
  cell: Cell,
): UseQueryResult<RowsAnswer> {
  return useQuery({
    queryKey: ['rows', dashboard, tile, formatView(view).toString(), formatCell(cell).toString()],
    queryFn: ({ signal }) => api.rows(dashboard, tile, view, cell, signal),
    staleTime: 0,
  })
}

/** The values of a dimension, once they are wanted. */
export function useValues(
  dashboard: string,
  dimension: string,
  isWanted: boolean,
): UseQueryResult<DimensionValues> {
  return useQuery({
    queryKey: keys.values(dashboard, dimension),
    queryFn: ({ signal }) => api.values(dashboard, dimension, signal),
    enabled: isWanted,
  })
}
