import type { ReactNode } from 'react'

/** A text in which what stands between backquotes is code. */
export function Marked(props: { readonly text: string }): ReactNode {
  return props.text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
