import { CaudalError, toErrorReport, type ErrorReport } from '@caudal/spec'
import type { ReactNode } from 'react'
import { offlineCode } from '../api/client.ts'
import { errorText } from '../i18n/error-text.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Marked } from './marked.tsx'
import './state.css'

/** What a place shows that has nothing to show: why, and what to do. */
export function EmptyState(props: {
  readonly title: string
  readonly icon?: IconName
  /** The title is the page's own. */
  readonly isPage?: boolean
  readonly children?: ReactNode
}): ReactNode {
  const Heading = props.isPage === true ? 'h1' : 'h2'
  return (
    <div className="empty-state">
      {props.icon === undefined ? null : <Icon name={props.icon} size={24} />}
      <Heading>{props.title}</Heading>
      {props.children === undefined ? null : <div className="empty-state-body">{props.children}</div>}
    </div>
  )
}

/** An error in plain words: what failed, what to do, and a way to try again. */
export function ErrorState(props: {
  readonly error: unknown
  readonly title?: string
  readonly onRetry?: (() => void) | undefined
  readonly children?: ReactNode
}): ReactNode {
  const { text, language } = usePreferences()
  const report = reportOf(props.error)
  const said = errorText(report, language)
  const isOffline = report.code === offlineCode
  const hint = isOffline ? text.app.offlineHint : said.hint
  const title = isOffline ? text.app.offlineTitle : props.title
  return (
    <div className="error-state" role="alert">
      <Icon name="alert" size={18} />
      <div className="error-state-body">
        {title === undefined ? null : <h2>{title}</h2>}
        {isOffline ? null : (
          <p lang={said.language}>
            <Marked text={said.message} />
          </p>
        )}
        {hint === undefined ? null : (
          <p className="error-state-hint" lang={isOffline ? undefined : said.language}>
            <Marked text={hint} />
          </p>
        )}
        {isOffline || said.language === 'en' ? null : <OriginalText report={report} />}
        {isOffline ? null : <p className="error-state-code">{report.code}</p>}
        {props.onRetry === undefined && props.children === undefined ? null : (
          <div className="error-state-actions">
            {props.onRetry === undefined ? null : (
              <Button icon="retry" onPress={props.onRetry}>
                {text.app.retry}
              </Button>
            )}
            {props.children}
          </div>
        )}
      </div>
    </div>
  )
}

/** An error as it was reported: it may tell more than what is said in another language. */
function OriginalText({ report }: { readonly report: ErrorReport }): ReactNode {
  const { text } = usePreferences()
  return (
    <details className="error-state-original">
      <summary>{text.app.original}</summary>
      <p lang="en">
        <Marked text={report.message} />
      </p>
      {report.hint === undefined ? null : (
        <p lang="en">
          <Marked text={report.hint} />
        </p>
      )}
    </details>
  )
}

/** A grey shape where something is about to stand. */
export function Skeleton(props: { readonly height: number; readonly width?: string }): ReactNode {
  return <div className="skeleton" style={{ height: props.height, width: props.width ?? '100%' }} />
}

/** Says that a page loads, to the ear at once and to the eye by grey shapes. */
export function LoadingState(props: { readonly heights: readonly number[] }): ReactNode {
  const { text } = usePreferences()
  return (
    <div className="loading-state" aria-busy="true">
      <output className="unseen">{text.app.loading}</output>
      {props.heights.map((height, index) => (
        <Skeleton key={index} height={height} />
      ))}
    </div>
  )
}

function reportOf(error: unknown): ErrorReport {
  if (CaudalError.isInstance(error)) return error.toJSON()
  const isReport = typeof error === 'object' && error !== null && 'code' in error && 'message' in error
  return isReport && !(error instanceof Error) ? (error as ErrorReport) : toErrorReport(error)
}
