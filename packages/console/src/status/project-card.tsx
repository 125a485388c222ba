import type { ReactNode } from 'react'
import { useProject } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import './status.css'

/** What the project says of itself: settings that are written in its configuration. */
export function ProjectCard(): ReactNode {
  const { text, language } = usePreferences()
  const project = useProject().data
  if (project === undefined) return null
  const facts: readonly (readonly [string, string])[] = [
    [text.settings.name, project.project],
    [text.runs.target, project.target],
    [text.runs.version, project.fingerprint.slice(0, 12)],
    [text.settings.timeZone, project.timeZone],
    [
      text.settings.numbers,
      new Intl.DisplayNames(language, { type: 'language' }).of(project.locale) ?? project.locale,
    ],
    [
      text.settings.currency,
      new Intl.DisplayNames(language, { type: 'currency' }).of(project.currency) ?? project.currency,
    ],
  ]
  return (
    <section className="card status-card" aria-labelledby="status-project">
      <h2 id="status-project">{text.settings.project}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
