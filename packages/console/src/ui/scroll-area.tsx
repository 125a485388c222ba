import { useEffect, useRef, useState, type ReactNode } from 'react'

/** A part of the page that scrolls by itself: a stop for the keyboard while there is something to scroll to. */
export function ScrollArea(props: {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}): ReactNode {
  const element = useRef<HTMLElement>(null)
  const [isScrolling, setScrolling] = useState(false)
  useEffect(() => {
    const area = element.current
    if (area === null) return undefined
    const measure = (): void =>
      setScrolling(area.scrollHeight > area.clientHeight + 1 || area.scrollWidth > area.clientWidth + 1)
    const observer = new ResizeObserver(measure)
    observer.observe(area)
    for (const child of area.children) observer.observe(child)
    return () => observer.disconnect()
  }, [])
  return (
    <section
      ref={element}
      className={props.className ?? 'scroll'}
      aria-label={props.label}
      {...(isScrolling ? { tabIndex: 0 } : {})}
    >
      {props.children}
    </section>
  )
}
