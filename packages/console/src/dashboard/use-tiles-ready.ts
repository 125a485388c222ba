import { formatView, type DashboardNode, type ViewState } from '@caudal/spec'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keys } from '../api/queries.ts'

const patienceMs = 2000

/** Whether every tile of the view has its answer, or the slow ones have had their time: then the push begins where the answers end. */
export function useTilesReady(dashboard: DashboardNode, view: ViewState): boolean {
  const cache = useQueryClient()
  const [readyFor, setReadyFor] = useState<string>()
  const key = formatView(view).toString()
  useEffect(() => {
    const tiles = dashboard.rows.flat().map((tile) => keys.tile(dashboard.name, tile.id, key))
    const check = (): void => {
      const isSettled = tiles.every((tile) => {
        const state = cache.getQueryState(tile)
        return state !== undefined && state.status !== 'pending'
      })
      if (isSettled) setReadyFor(key)
    }
    check()
    const leave = cache.getQueryCache().subscribe(check)
    const timer = setTimeout(() => setReadyFor(key), patienceMs)
    return () => {
      leave()
      clearTimeout(timer)
    }
  }, [cache, dashboard, key])
  return readyFor === key
}
