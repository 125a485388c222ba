import type { GraphAnswer, GraphNode } from '@caudal/spec'
import {
  Background,
  Handle,
  Panel,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react'
import { useEffect, useMemo, type ReactNode } from 'react'
import { usePreferences } from '../i18n/preferences.tsx'
import { IconButton } from '../ui/button.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/use-now.ts'
import { kindIcon } from './kind-icon.ts'
import { layoutGraph, sizeOf } from './layout.ts'
import { neighbourhood } from './neighbourhood.ts'
import '@xyflow/react/dist/base.css'

type CanvasNode = Node<{ readonly node: GraphNode }, 'project'>

/** The graph as a drawing, from left to right as data flows. The list beside it is its equal for the keyboard. */
export function GraphCanvas(props: {
  readonly graph: GraphAnswer
  readonly chosen: string | undefined
  /** The neighbourhood of the chosen node: the rest steps back. */
  readonly near: ReadonlySet<string> | undefined
  readonly onChoose: (id: string | undefined) => void
}): ReactNode {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

const nodeTypes = { project: ProjectNode }
const fit = { padding: 0.06, maxZoom: 1 } as const
const separator = '\n'

/** The chosen node with what it reads and feeds, or everything. */
function inView(graph: GraphAnswer, chosen: string | undefined): readonly string[] {
  const all = graph.nodes.map(({ id }) => id)
  if (chosen === undefined || !all.includes(chosen)) return all
  const near = neighbourhood(graph, chosen, 1)
  return all.filter((id) => near.has(id))
}

function Canvas(props: Parameters<typeof GraphCanvas>[0]): ReactNode {
  const { text } = usePreferences()
  const { graph, chosen, near } = props
  const places = useMemo(() => layoutGraph(graph), [graph])
  const nodes = graph.nodes.map((node): CanvasNode => ({
    id: node.id,
    type: 'project',
    position: places.get(node.id) ?? { x: 0, y: 0 },
    data: { node },
    selected: node.id === chosen,
    className: near === undefined || near.has(node.id) ? '' : 'graph-away',
    ...sizeOf(node),
  }))
  const edges = graph.edges.map(({ from, to }): Edge => ({
    id: `${from}→${to}`,
    source: from,
    target: to,
    className: near === undefined || (near.has(from) && near.has(to)) ? '' : 'graph-away',
  }))
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={fit}
      minZoom={0.15}
      maxZoom={1.6}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      deleteKeyCode={null}
      proOptions={{ hideAttribution: true }}
      onNodeClick={(_event, node) => props.onChoose(node.id)}
      onPaneClick={() => props.onChoose(undefined)}
      aria-label={text.graph.canvas}
    >
      <Background gap={22} size={1} />
      <View ids={inView(graph, chosen).join(separator)} />
    </ReactFlow>
  )
}

/** Zoom by buttons; the nodes that matter now are brought into view: all, or those around the chosen one. */
function View({ ids }: { readonly ids: string }): ReactNode {
  const { text } = usePreferences()
  const { zoomIn, zoomOut, fitView } = useReactFlow()
  useEffect(() => {
    const nodes = ids.split(separator).map((id) => ({ id }))
    const frame = requestAnimationFrame(() => void fitView({ ...fit, duration: 200, nodes }))
    return () => cancelAnimationFrame(frame)
  }, [ids, fitView])
  return (
    <Panel position="bottom-left" className="graph-view">
      <IconButton icon="plus" label={text.graph.zoomIn} onPress={() => void zoomIn({ duration: 120 })} />
      <IconButton icon="flat" label={text.graph.zoomOut} onPress={() => void zoomOut({ duration: 120 })} />
      <IconButton icon="fit" label={text.graph.fit} onPress={() => void fitView({ ...fit, duration: 200 })} />
    </Panel>
  )
}

function ProjectNode({ data, selected }: NodeProps<CanvasNode>): ReactNode {
  const { text, format } = usePreferences()
  const now = useNow()
  const { node } = data
  const isOneLine = node.kind === 'metric' || node.kind === 'dashboard'
  return (
    <div className="graph-node" data-health={node.health} data-chosen={selected} data-one-line={isOneLine}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="graph-node-name">
        <Icon name={kindIcon[node.kind]} size={14} />
        <span className="cut">{node.label}</span>
      </span>
      {isOneLine && node.health === 'ok' ? null : (
        <span className="graph-node-state">
          <HealthMark health={node.health} label={isOneLine ? '' : text.graph.health[node.health]} />
          {node.freshAt === undefined ? null : (
            <span className="faint cut">{format.ago(node.freshAt, now, 'short')}</span>
          )}
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
}
