import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** The size of an element in pixels, 0 × 0 before it is laid out. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** The size of an element as it is laid out, followed when it changes. */
export function useSize<E extends HTMLElement>(): readonly [RefObject<E | null>, Size] {
  const element = useRef<E>(null)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const observed = element.current
    if (observed === null) return undefined
    const take = (box: Size): void => {
      const next = { width: Math.floor(box.width), height: Math.floor(box.height) }
      setSize((former) => (former.width === next.width && former.height === next.height ? former : next))
    }
    take(observed.getBoundingClientRect())
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) take(entry.contentRect)
    })
    observer.observe(observed)
    return () => observer.disconnect()
  }, [])
  return [element, size]
}
