import type { GraphAnswer, GraphNode } from '@caudal/spec'
import { useState, type ReactNode } from 'react'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import { Tree, TreeItem, TreeItemContent } from 'react-aria-components/Tree'
import { usePreferences } from '../i18n/preferences.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { kindIcon } from './kind-icon.ts'
import { kindOrder, searchNodes } from './neighbourhood.ts'

/** The nodes by kind as a tree: the graph for keyboard, screen reader and phone. */
export function NodeList(props: {
  readonly graph: GraphAnswer
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
}): ReactNode {
  const { text } = usePreferences()
  const [search, setSearch] = useState('')
  const found = searchNodes(props.graph.nodes, search)
  const kinds = kindOrder.filter((kind) => found.some((node) => node.kind === kind))
  return (
    <section className="card node-list" aria-label={text.graph.list}>
      <SearchField className="search" aria-label={text.graph.search} value={search} onChange={setSearch}>
        <Icon name="search" />
        <Input placeholder={text.graph.search} />
      </SearchField>
      {kinds.length === 0 ? (
        <p className="faint note node-none">{text.graph.noMatch}</p>
      ) : (
        <Tree
          className="node-tree"
          aria-label={text.graph.list}
          defaultExpandedKeys={[...kindOrder]}
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={props.chosen === undefined ? [] : [props.chosen]}
          onSelectionChange={(keys) => {
            const [id] = keys === 'all' ? [] : keys
            if (typeof id === 'string' && !kindOrder.some((kind) => kind === id)) props.onChoose(id)
          }}
        >
          {kinds.map((kind) => (
            <TreeItem key={kind} id={kind} textValue={text.graph.kindsMany[kind]} className="tree-kind">
              <TreeItemContent>
                <Button slot="chevron" className="tree-chevron">
                  <Icon name="right" size={14} />
                </Button>
                {text.graph.kindsMany[kind]}
              </TreeItemContent>
              {found
                .filter((node) => node.kind === kind)
                .map((node) => (
                  <NodeItem key={node.id} node={node} />
                ))}
            </TreeItem>
          ))}
        </Tree>
      )}
    </section>
  )
}

function NodeItem({ node }: { readonly node: GraphNode }): ReactNode {
  const { text } = usePreferences()
  return (
    <TreeItem
      id={node.id}
      textValue={`${node.label}, ${text.graph.health[node.health]}`}
      className="tree-node"
    >
      <TreeItemContent>
        <Icon name={kindIcon[node.kind]} size={14} />
        <span className="cut">{node.label}</span>
        {node.health === 'ok' ? null : (
          <HealthMark health={node.health} label={text.graph.health[node.health]} />
        )}
      </TreeItemContent>
    </TreeItem>
  )
}
