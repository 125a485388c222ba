import { formatView, type TileAnswer, type ViewState } from '@caudal/spec'
import { useEffect, useRef, useState } from 'react'

const shownForMs = 2400

type Ready = Extract<TileAnswer, { state: 'ready' }>

/** Whether the data of the same view has just changed: by a push, not because somebody asked for another view. */
export function useMoved(answer: Ready | undefined, view: ViewState): boolean {
  const [isMoved, setMoved] = useState(false)
  const before = useRef<{ readonly view: string; readonly data: string }>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const viewKey = formatView(view).toString()
  useEffect(() => {
    if (answer === undefined) return
    const data = JSON.stringify(answer.data)
    const last = before.current
    before.current = { view: viewKey, data }
    if (last === undefined || last.view !== viewKey || last.data === data) return
    setMoved(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setMoved(false), shownForMs)
  }, [answer, viewKey])
  useEffect(() => () => clearTimeout(timer.current), [])
  return isMoved
}
