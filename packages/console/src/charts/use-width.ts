import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** The width of an element as it is laid out, followed when it changes; 0 before the first layout. */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const observed = element.current
    if (observed === null) return undefined
    setWidth(Math.floor(observed.getBoundingClientRect().width))
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.floor(entry.contentRect.width))
    })
    observer.observe(observed)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
