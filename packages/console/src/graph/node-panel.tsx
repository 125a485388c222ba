import type { GraphAnswer, GraphNode } from '@caudal/spec'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { Failure } from '../runs/check-failure.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { ErrorState } from '../ui/state.tsx'
import { useNow } from '../ui/use-now.ts'
import { kindIcon } from './kind-icon.ts'
import { neighbours } from './neighbourhood.ts'

/** What is known of one node: health, freshness, failing checks, what it reads and feeds. */
export function NodePanel(props: {
  readonly graph: GraphAnswer
  readonly node: GraphNode
  readonly onChoose: (id: string | undefined) => void
}): ReactNode {
  const { text, format } = usePreferences()
  const now = useNow()
  const { graph, node } = props
  return (
    <section className="card node-panel" aria-label={node.label}>
      <header className="node-panel-head">
        <div>
          <p className="faint small">{text.graph.kinds[node.kind]}</p>
          <h2>{node.label}</h2>
        </div>
        <IconButton icon="close" label={text.app.close} onPress={() => props.onChoose(undefined)} />
      </header>
      <ul className="node-facts note">
        <li>
          <HealthMark health={node.health} label={text.graph.health[node.health]} />
        </li>
        {node.freshAt === undefined ? null : (
          <li>
            <time dateTime={node.freshAt} title={format.instant(node.freshAt)}>
              {text.graph.fresh(format.ago(node.freshAt, now))}
            </time>
          </li>
        )}
        {node.rows === undefined ? null : <li>{text.graph.rows(node.rows, format.integer(node.rows))}</li>}
      </ul>
      {node.description === undefined ? null : <p className="note">{node.description}</p>}
      {node.kind === 'dashboard' ? (
        <Link to="/dashboards/$name" params={{ name: dashboardName(node) }} className="note">
          {text.graph.open}
        </Link>
      ) : null}
      {node.error === undefined ? null : <ErrorState error={node.error} title={text.runs.firstError} />}
      {node.failingChecks.length === 0 ? null : (
        <div className="node-checks">
          <h3>{text.graph.failingChecks}</h3>
          {node.failingChecks.map((check) => (
            <Failure key={check.check} check={check} />
          ))}
        </div>
      )}
      <Side
        title={text.graph.upstream}
        nodes={neighbours(graph, node.id, 'reads')}
        onChoose={props.onChoose}
      />
      <Side
        title={text.graph.downstream}
        nodes={neighbours(graph, node.id, 'feeds')}
        onChoose={props.onChoose}
      />
    </section>
  )
}

/** The dashboard's name in its node's id, `dashboard:<name>`. */
function dashboardName(node: GraphNode): string {
  return node.id.replace(/^dashboard[:/ ]/, '')
}

function Side(props: {
  readonly title: string
  readonly nodes: readonly GraphNode[]
  readonly onChoose: (id: string) => void
}): ReactNode {
  const { text } = usePreferences()
  if (props.nodes.length === 0) return null
  return (
    <div className="node-side">
      <h3>{props.title}</h3>
      <ul>
        {props.nodes.map((node) => (
          <li key={node.id}>
            <Button look="plain" onPress={() => props.onChoose(node.id)}>
              <Icon name={kindIcon[node.kind]} size={14} /> {node.label}
              {node.health === 'ok' ? null : (
                <HealthMark health={node.health} label={text.graph.health[node.health]} />
              )}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
