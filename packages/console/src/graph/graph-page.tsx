import type { GraphAnswer } from '@caudal/spec'
import { lazy, Suspense, type ReactNode } from 'react'
import { useGraph } from '../api/queries.ts'
import { usePreferences } from '../i18n/preferences.tsx'
import { useAddress } from '../shell/use-address.ts'
import { usePush } from '../shell/use-push.ts'
import { useTitle } from '../shell/use-title.ts'
import { Marked } from '../ui/marked.tsx'
import { OptionPicker } from '../ui/option-picker.tsx'
import { EmptyState, ErrorState, LoadingState, Skeleton } from '../ui/state.tsx'
import { phone, useMedia } from '../ui/use-media.ts'
import { drawnMax, neighbourhood, partOf, startNode } from './neighbourhood.ts'
import { NodeList } from './node-list.tsx'
import { NodePanel } from './node-panel.tsx'
import './graph.css'

const GraphCanvas = lazy(() =>
  import('./graph-canvas.tsx').then(({ GraphCanvas: component }) => ({ default: component })),
)

/** The graph of the project: what reads what, how fresh and how sound it is. */
export function GraphPage(): ReactNode {
  const { text, label } = usePreferences()
  const graph = useGraph()
  usePush()
  useTitle(text.graph.title)
  if (graph.isPending) return <LoadingState heights={[32, 520]} />
  if (graph.isError) return <ErrorState error={graph.error} onRetry={() => void graph.refetch()} />
  if (graph.data.nodes.length === 0) {
    return (
      <div className="card">
        <EmptyState title={text.graph.emptyTitle} icon="graph">
          <p>
            <Marked text={text.graph.emptyBody} />
          </p>
        </EmptyState>
      </div>
    )
  }
  const nodes = graph.data.nodes.map((node) => (node.title ? { ...node, label: label(node.title) } : node))
  return <GraphView graph={{ nodes, edges: graph.data.edges }} />
}

function GraphView({ graph }: { readonly graph: GraphAnswer }): ReactNode {
  const { text, format } = usePreferences()
  const isPhone = useMedia(phone)
  const address = useAddress()
  const chosenId = address.parameters.get('node')
  const chosen = graph.nodes.find((node) => node.id === chosenId)
  const asked = address.parameters.get('show')
  const scope = asked === 'all' || asked === 'near' ? asked : graph.nodes.length > drawnMax ? 'near' : 'all'
  const center = chosen?.id ?? startNode(graph)
  const near = center === undefined ? undefined : neighbourhood(graph, center, 2)
  const shown = scope === 'near' && near !== undefined ? partOf(graph, near) : graph
  const go = (changes: Readonly<Record<string, string>>): void => {
    const parameters = new URLSearchParams(address.parameters)
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') parameters.delete(name)
      else parameters.set(name, value)
    }
    address.change(parameters, true)
  }
  const choose = (id: string | undefined): void => go({ node: id ?? '' })
  return (
    <>
      <div className="page-head">
        <h1>{text.graph.title}</h1>
        <span className="faint note">
          {text.graph.shown(format.integer(shown.nodes.length), format.integer(graph.nodes.length))}
        </span>
        <div className="page-head-end">
          <OptionPicker
            label={text.graph.scope}
            isInline
            options={[
              { id: 'all', label: text.graph.all },
              { id: 'near', label: text.graph.near },
            ]}
            value={scope}
            onChange={(show) => go({ show })}
          />
        </div>
      </div>
      <div className="graph" data-chosen={chosen !== undefined}>
        <NodeList graph={graph} chosen={chosen?.id} onChoose={choose} />
        {isPhone ? null : (
          <div className="card graph-canvas">
            <Suspense fallback={<Skeleton height={520} />}>
              <GraphCanvas
                graph={shown}
                chosen={chosen?.id}
                near={chosen === undefined ? undefined : near}
                onChoose={choose}
              />
            </Suspense>
          </div>
        )}
        {chosen === undefined ? null : <NodePanel graph={graph} node={chosen} onChoose={choose} />}
      </div>
    </>
  )
}
