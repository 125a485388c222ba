import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

/** A link that hands over a file. */
export function DownloadLink(props: { readonly address: string; readonly children: ReactNode }): ReactNode {
  return (
    <a className="button button-outline" href={props.address} download="">
      <Icon name="download" />
      <span className="button-text">{props.children}</span>
    </a>
  )
}
