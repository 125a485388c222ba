/** How far a package may lean on another: `any` import, or `types` only. */
export type Edge = 'any' | 'types'

/** What `src/` of each package may import of ours, as in the architecture page. An adapter imports `spec` and `http`. */
export const packageEdges: Readonly<Record<string, Readonly<Record<string, Edge>>>> = {
  spec: {},
  sql: { spec: 'any' },
  http: { spec: 'any' },
  authoring: { spec: 'any' },
  engine: { spec: 'any', sql: 'any' },
  server: { spec: 'any', engine: 'any' },
  console: { spec: 'any', server: 'types' },
  caudal: {
    spec: 'any',
    authoring: 'any',
    engine: 'any',
    server: 'any',
    duckdb: 'any',
    'segment-log': 'any',
    sqlite: 'any',
    files: 'any',
    rest: 'any',
  },
  client: { spec: 'types' },
  sales: { authoring: 'any' },
  testkit: { spec: 'any' },
  simulator: {},
}

/** What `src/` of every adapter may import of ours. */
export const adapterEdges: Readonly<Record<string, Edge>> = { spec: 'any', http: 'any' }

/** What an example may import of ours: what a user has. */
export const exampleEdges: Readonly<Record<string, Edge>> = { caudal: 'any', sales: 'any', simulator: 'any' }

/** What tests may import beside the edges of their package; adapters are open to them too. */
export const testPackages: readonly string[] = ['testkit', 'simulator']
