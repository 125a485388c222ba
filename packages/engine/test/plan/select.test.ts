import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CaudalError, type ModelNode, type SourceNode } from '@caudal/spec'
import {
  changedModels,
  effectiveFingerprints,
  formatBuiltState,
  selectNodes,
  type SelectableProject,
} from '@caudal/engine'

function model(name: string, references: readonly string[], tags: readonly string[] = []): ModelNode {
  return {
    name,
    file: `models/${name.replace('.', '/')}.sql`,
    sql: '',
    materialization: 'table',
    tags,
    columnDescriptions: {},
    references,
    fingerprint: name,
  }
}

function source(name: string, streams: readonly string[]): SourceNode {
  return {
    name,
    adapter: 'files',
    guarantee: 'exactly once',
    code: { module: 'sources/x.ts', export: name },
    secrets: [],
    describe: {},
    streams: streams.map((stream) => ({
      name: stream,
      table: `${name}.${stream}`,
      columns: [],
      isTyped: true,
      primaryKey: [],
      disposition: 'replace',
      deletes: 'none',
      contract: { columns: 'evolve', types: 'evolve' },
    })),
  }
}

const project: SelectableProject = {
  sources: [source('crm', ['deals', 'owners']), source('mail', ['sent'])],
  pipelines: [],
  tables: [{ name: 'erp.invoices', columns: [], place: 'tables.ts:1' }],
  models: [
    model('staging.deals', ['crm.deals'], ['daily']),
    model('marts.won', ['staging.deals', 'crm.owners'], ['daily', 'sales']),
    model('marts.mails', ['mail.sent'], ['mail']),
    model('marts.board', ['marts.won', 'marts.mails', 'erp.invoices'], ['sales']),
  ],
}

function select(...expressions: readonly string[]): string {
  const { sources, models } = selectNodes(project, expressions, new Set(['marts.won']))
  return [...[...sources].map((name) => `source:${name}`), ...models].join(' ')
}

const everything = 'source:crm source:mail staging.deals marts.won marts.mails marts.board'

const cases: Readonly<Record<string, string>> = {
  'marts.won': 'marts.won',
  '+marts.won': 'source:crm staging.deals marts.won',
  'marts.won+': 'marts.won marts.board',
  '+marts.won+': 'source:crm staging.deals marts.won marts.board',
  'marts.*': 'marts.won marts.mails marts.board',
  'tag:daily': 'staging.deals marts.won',
  'tag:daily,tag:sales': 'marts.won',
  'path:models/marts': 'marts.won marts.mails marts.board',
  'path:./models/staging/deals.sql': 'staging.deals',
  'state:changed': 'marts.won',
  'state:changed+': 'marts.won marts.board',
  'source:crm': 'source:crm',
  crm: 'source:crm',
  'source:crm+': 'source:crm staging.deals marts.won marts.board',
  'crm.owners': 'source:crm',
  'crm.owners+': 'source:crm marts.won marts.board',
  '+marts.board': everything,
}

for (const [expression, expected] of Object.entries(cases)) {
  test(`--select ${expression}`, () => assert.equal(select(expression), expected))
}

test('no expression chooses everything, several choose what any of them does', () => {
  assert.equal(select(), everything)
  assert.equal(select('marts.won', 'source:mail'), 'source:mail marts.won')
})

const misspelt: Readonly<Record<string, RegExp>> = {
  'marts.wom': /Nothing is called `marts\.wom`\. Did you mean `marts\.won`\?/,
  'tag:dayly': /Nothing is called `dayly`\. Did you mean `daily`\?/,
  'tags:daily': /Nothing can be chosen by `tags:`\. Did you mean `tag`\?/,
  'path:models/mart': /No model stands at `models\/mart`\. Did you mean `models\/marts`\?/,
  'state:chnged': /Did you mean `changed`\?/,
  'source:crn': /Did you mean `crm`\?/,
}

for (const [expression, message] of Object.entries(misspelt)) {
  test(`--select ${expression} names what was meant`, () => {
    assert.throws(
      () => select(expression),
      (error) =>
        CaudalError.isInstance(error) &&
        error.code === 'CAUDAL_SELECT_UNKNOWN' &&
        message.test(error.message),
    )
  })
}

test('more pluses never choose less, and a comma never more', () => {
  const name = fc.constantFrom(
    'staging.deals',
    'marts.won',
    'marts.mails',
    'marts.board',
    'tag:daily',
    'source:crm',
    'state:changed',
  )
  const chosen = (expression: string): ReadonlySet<string> =>
    new Set(select(expression).split(' ').filter(Boolean))
  fc.assert(
    fc.property(name, name, (a, b) => {
      const [plain, up, down, both] = [a, `+${a}`, `${a}+`, `+${a}+`].map(chosen)
      for (const node of plain ?? []) assert.ok(up?.has(node) && down?.has(node))
      assert.deepEqual(new Set(both), new Set([...(up ?? []), ...(down ?? [])]))
      assert.deepEqual(
        chosen(`${a},+${b}`),
        new Set([...(plain ?? [])].filter((node) => chosen(`+${b}`).has(node))),
      )
    }),
  )
})

test('changed are new models, those with other SQL, and those below them', () => {
  const effective = effectiveFingerprints(project.models)
  const states = project.models.slice(0, 3).map(({ name, fingerprint, materialization }) => ({
    model: name,
    fingerprint: formatBuiltState({ own: fingerprint, effective: effective.get(name) ?? '', sequence: 1 }),
    materialization,
    intervals: [],
  }))
  assert.deepEqual([...changedModels(project.models, states)], ['marts.board'])
  const edited = project.models.map((node) =>
    node.name === 'staging.deals' ? { ...node, fingerprint: 'x' } : node,
  )
  assert.deepEqual([...changedModels(edited, states)], ['staging.deals', 'marts.won', 'marts.board'])
})
