import type { ReactNode } from 'react'

/** Paths of the icons in a 16 × 16 box, drawn with a line of 1.5. */
const paths = {
  dashboards: 'M2.5 2.5h4.5v6h-4.5zM9 2.5h4.5v3.5h-4.5zM9 8h4.5v5.5h-4.5zM2.5 10.5h4.5v3h-4.5z',
  graph:
    'M5 3.5a1.75 1.75 0 1 1-3.5 0a1.75 1.75 0 1 1 3.5 0M5 12.5a1.75 1.75 0 1 1-3.5 0a1.75 1.75 0 1 1 3.5 0M14.5 8a1.75 1.75 0 1 1-3.5 0a1.75 1.75 0 1 1 3.5 0M5 3.5c3 0 3 4.500 6 4.500M5 12.500c3 0 3-4.500 6-4.500',
  runs: 'M8 14a6 6 0 1 1 0-12a6 6 0 0 1 0 12M8 4.500v3.500l2.500 1.500',
  settings:
    'M2 4.500h5M11 4.500h3M2 11.500h3M9 11.500h5M11 4.500a2 2 0 1 1-4 0a2 2 0 0 1 4 0M9 11.500a2 2 0 1 1-4 0a2 2 0 0 1 4 0',
  sun: 'M11 8a3 3 0 1 1-6 0a3 3 0 0 1 6 0M8 1v1.500M8 13.500v1.500M1 8h1.500M13.500 8h1.500M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.500 9.800a6 6 0 0 1-7.300-7.300a6 6 0 1 0 7.300 7.300z',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  table: 'M2 3h12v10h-12zM2 6.500h12M2 10h12M6.500 6.500v6.500',
  chart: 'M2.500 13.500v-11M2.500 13.500h11M5.500 10.500l2.500-3.500l2.500 1.500l3-4.500',
  close: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  check: 'M3 8.500l3.500 3.500l6.500-8',
  cross: 'M4 4l8 8M12 4l-8 8',
  alert: 'M8 2l6.500 11.500h-13zM8 6.500v3.500M8 11.800v.01',
  info: 'M8 14a6 6 0 1 1 0-12a6 6 0 0 1 0 12M8 7.500v3.500M8 5v.01',
  clock: 'M8 14a6 6 0 1 1 0-12a6 6 0 0 1 0 12M8 4.500v3.500h3',
  down: 'M4 6l4 4l4-4',
  right: 'M6 4l4 4l-4 4',
  left: 'M10 4l-4 4l4 4',
  arrowUp: 'M8 13v-10M4 7l4-4l4 4',
  arrowDown: 'M8 3v10M4 9l4 4l4-4',
  arrowRight: 'M3 8h10M9 4l4 4l-4 4',
  flat: 'M3 8h10',
  filter: 'M2 3h12l-4.500 5.500v4.500l-3-1.500v-3z',
  calendar: 'M2.500 3.500h11v10h-11zM2.500 6.500h11M5.500 2v3M10.500 2v3',
  search: 'M11 7a4 4 0 1 1-8 0a4 4 0 0 1 8 0M10 10l3.500 3.500',
  download: 'M8 2v8M4.500 7l3.500 3.500l3.500-3.500M2.500 13.500h11',
  copy: 'M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3',
  play: 'M5 3l8 5l-8 5z',
  stop: 'M4 4h8v8h-8z',
  skip: 'M4 8h8',
  retry: 'M13 4v3h-3M13 7a5.200 5.200 0 1 0 .2 2.500',
  pipeline: 'M1.5 5h5l3 6h5M12 8.5l2.5 2.5-2.5 2.5M1.5 11h3',
  source: 'M2.500 4c0-2 11-2 11 0v8c0 2-11 2-11 0zM2.500 4c0 2 11 2 11 0M2.500 8c0 2 11 2 11 0',
  model:
    'M8 1.800l5.500 3.100v6.200l-5.500 3.100l-5.500-3.100v-6.200zM2.500 4.900l5.500 3.100l5.500-3.100M8 8v6.200',
  metric: 'M3 13v-4M8 13v-10M13 13v-7',
  fit: 'M2.500 6v-3.500h3.500M10 2.500h3.500v3.500M13.500 10v3.500h-3.500M6 13.500h-3.500v-3.500',
  plus: 'M8 3v10M3 8h10',
} as const

/** Names of the icons. */
export type IconName = keyof typeof paths

/** An icon of the size of the text beside it. Decoration: the text beside it, or the label of its button, says what it means. */
export function Icon(props: { readonly name: IconName; readonly size?: number }): ReactNode {
  const size = props.size ?? 16
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[props.name]} />
    </svg>
  )
}
