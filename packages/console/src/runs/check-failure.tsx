import type { CheckResult, Column } from '@caudal/spec'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Icon } from '../ui/icon.tsx'
import { Marked } from '../ui/marked.tsx'
import { RowsTable } from '../ui/rows-table.tsx'
import './check-failure.css'

/** A check that did not hold, with rows for which it does not. */
export function Failure({ check }: { readonly check: CheckResult }): ReactNode {
  const { text, format } = usePreferences()
  const columns: readonly Column[] = Object.keys(check.examples[0] ?? {}).map((name) => ({
    name,
    type: { kind: 'text' },
  }))
  return (
    <div className="failure" data-severity={check.severity}>
      <p className="failure-head">
        <Icon name="alert" size={14} />
        <span>
          <strong>{text.runs.severity[check.severity]}</strong>{' '}
          <span lang="en">
            <Marked text={check.message} />
          </span>
        </span>
      </p>
      <p className="faint small">
        <code>{check.check}</code> ·{' '}
        {text.runs.failingRows(check.failingRows, format.integer(check.failingRows))}
      </p>
      {columns.length === 0 ? null : (
        <details>
          <summary>{text.runs.examples}</summary>
          <RowsTable
            label={`${text.runs.examples}: ${check.check}`}
            columns={columns}
            rows={check.examples.map((row) => columns.map((column) => row[column.name] ?? null))}
          />
        </details>
      )}
    </div>
  )
}
