import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelDeclaration } from '@caudal/spec'
import { compile, modelsOf } from './project.ts'

const wonDeals = `/* ---
description: Deals that were won
materialization: table
owner: sales-ops
tags: [daily, sales]
columns:
  id:
    description: The deal
    checks: [not null, unique]
  stage:
    checks:
      - accepted values: [won]
        severity: warn
  owner_id: Who won it
checks:
  - expression: amount >= 0
    name: amount is not negative
  - row count change: 0.5
--- */

select id, owner_id, stage, amount, closed_at
from crm.deals
where stage = 'won'
`

const revenue = `select o.name as sdr, sum(d.amount) as revenue
from marts.won_deals d
join crm.owners o on o.id = d.owner_id
group by o.name`

test('a model is its file: header, SQL, references, columns', async () => {
  const { models, checks, problems, warnings } = await compile({
    'models/marts/won_deals.sql': wonDeals,
    'models/marts/revenue.sql': revenue,
  })
  assert.deepEqual([problems, warnings], [[], []])
  const [won, sums] = models
  assert.deepEqual(
    { ...won, sql: '', fingerprint: '' },
    {
      name: 'marts.won_deals',
      file: 'models/marts/won_deals.sql',
      sql: '',
      materialization: 'table',
      description: 'Deals that were won',
      owner: 'sales-ops',
      tags: ['daily', 'sales'],
      columnDescriptions: { id: 'The deal', owner_id: 'Who won it' },
      references: ['crm.deals'],
      columns: [
        { name: 'id', reads: ['crm.deals.id'], nullable: false },
        { name: 'owner_id', reads: ['crm.deals.owner_id'], nullable: true },
        { name: 'stage', reads: ['crm.deals.stage'], nullable: true },
        { name: 'amount', reads: ['crm.deals.amount'], nullable: true },
        { name: 'closed_at', reads: ['crm.deals.closed_at'], nullable: true },
      ],
      uses: ['crm.deals.stage'],
      fingerprint: '',
    },
  )
  assert.match(won?.sql ?? '', /^select id[^]*'won'$/)
  assert.deepEqual(sums?.references, ['crm.owners', 'marts.won_deals'])
  assert.equal(sums?.materialization, 'view')
  assert.deepEqual(
    checks.map(({ name, severity, place }) => [name, severity, place]),
    [
      ['marts.won_deals: id not null', 'error', 'models/marts/won_deals.sql:9'],
      ['marts.won_deals: id unique', 'error', 'models/marts/won_deals.sql:9'],
      ['marts.won_deals: stage one of won', 'warn', 'models/marts/won_deals.sql:12'],
      ['marts.won_deals: amount is not negative', 'error', 'models/marts/won_deals.sql:16'],
      ['marts.won_deals: rows change by at most 50 %', 'error', 'models/marts/won_deals.sql:18'],
    ],
  )
})

test('the folder is the schema, deeper folders are part of the name', async () => {
  const models = await modelsOf({
    'models/staging/crm/deals.sql': 'select * from crm.deals',
    'models/marts/deals.sql': 'select * from staging.crm_deals',
  })
  assert.deepEqual(
    models.map((model) => model.name),
    ['staging.crm_deals', 'marts.deals'],
  )
})

test('every problem is told at once, with file, line and column', async () => {
  const { problems } = await compile({
    'models/loose.sql': 'select 1 as a',
    'models/marts/Odd Name.sql': 'select 1 as a',
    'models/marts/header.sql':
      '/* ---\nmaterialisation: table\ncolumns:\n  id:\n    checks: [not nul]\n--- */\nselect id from crm.deals',
    'models/marts/yaml.sql': '/* ---\ntags: [a\n--- */\nselect id from crm.deals',
    'models/marts/open.sql': '/* ---\nowner: me\n*/\nselect id from crm.deals',
    'models/marts/syntax.sql': '/* ---\nowner: me\n--- */\n\nselect id,\nfrom from crm.deals',
    'models/marts/unknown.sql': 'select d.id\nfrom crm.deels d join owners o on true',
    'models/marts/columns.sql': 'select id,\n  amout as amount\nfrom crm.deals',
    'models/marts/a.sql': 'select * from marts.b',
    'models/marts/b.sql': 'select * from marts.c',
    'models/marts/c.sql': 'select * from marts.a',
    'models/marts/self.sql': 'select * from marts.self',
    'models/crm/deals.sql': 'select 1 as a',
    'models/marts/division.sql': 'select count(*) / count(stage) as share from crm.deals',
  })
  assert.deepEqual(
    problems.map((problem) => `${problem.code} ${problem.message}`).toSorted(),
    [
      'CAUDAL_MODEL_COLUMN models/marts/columns.sql:2:3: `crm.deals` has no column `amout`. Did you mean `amount`?',
      'CAUDAL_MODEL_CYCLE models/marts/a.sql: Models read each other in a circle: marts.a → marts.b → marts.c → marts.a.',
      'CAUDAL_MODEL_CYCLE models/marts/self.sql: `marts.self` reads itself.',
      'CAUDAL_MODEL_DIFFERS models/marts/division.sql:1:25: `/` of two integers keeps the fraction on DuckDB and drops it on PostgreSQL.',
      'CAUDAL_MODEL_DUPLICATE models/crm/deals.sql: The name `crm.deals` is taken by a table that a source or another tool loads.',
      'CAUDAL_MODEL_HEADER models/marts/header.sql:2:1: Unknown setting `materialisation`. Did you mean `materialization`? Known: materialization, incremental, description, owner, tags, columns, checks.',
      'CAUDAL_MODEL_HEADER models/marts/header.sql:5:14: `columns.id.checks.0`: Unknown check `not nul`. Did you mean `not null`? Known: not null, unique, accepted values, relation, range, freshness, expression, row count change, sql.',
      'CAUDAL_MODEL_HEADER models/marts/open.sql: The header begins with `/* ---` and is not closed.',
      'CAUDAL_MODEL_HEADER models/marts/yaml.sql:3:1: The YAML does not parse: Flow sequence in block collection must be sufficiently indented and end with a ].',
      'CAUDAL_MODEL_NAME models/loose.sql: The file stands in no folder, and the folder is the schema.',
      'CAUDAL_MODEL_NAME models/marts/Odd Name.sql: `Odd Name` is not a name that every warehouse knows: small letters, digits and _.',
      'CAUDAL_MODEL_REFERENCE models/marts/unknown.sql:2:23: The table `owners` has no schema. Did you mean `crm.owners`?',
      'CAUDAL_MODEL_REFERENCE models/marts/unknown.sql:2:6: Nothing is called `crm.deels`. Did you mean `crm.deals`?',
      'CAUDAL_MODEL_SYNTAX models/marts/syntax.sql:6:6: The SQL does not parse: Expected table name or subquery, got From.',
    ].toSorted(),
  )
  assert.deepEqual(problems.find((problem) => problem.code === 'CAUDAL_MODEL_SYNTAX')?.context, {
    file: 'models/marts/syntax.sql',
    line: 6,
    column: 6,
  })
})

test('SQL that another warehouse would refuse is a warning', async () => {
  const { problems, warnings } = await compile({
    'models/marts/x.sql': 'select year(closed_at) as y, count(*) as n from crm.deals group by all',
  })
  assert.deepEqual(problems, [])
  assert.deepEqual(
    warnings.map((warning) => warning.message),
    [
      'models/marts/x.sql:1:8: PostgreSQL has no `year(…)`.',
      'models/marts/x.sql:1:59: PostgreSQL has no `group by all`.',
    ],
  )
})

test('an incremental model declares its interval and reads it', async () => {
  const header = (lines: string): string => `/* ---\n${lines}\n--- */\n`
  const sql =
    'select id, closed_at from crm.deals where closed_at >= $interval_start and closed_at < $interval_end'
  const incremental =
    'incremental: { time: closed_at, grain: day, start: 2026-01-01, lookback: 2, key: [id] }'
  const [model] = await modelsOf({ 'models/marts/x.sql': header(incremental) + sql })
  assert.equal(model?.materialization, 'incremental')
  assert.deepEqual(model?.incremental, {
    time: 'closed_at',
    grain: 'day',
    start: '2026-01-01',
    lookback: 2,
    key: ['id'],
  })
  const { problems } = await compile({
    'models/marts/a.sql': header('materialization: incremental') + sql,
    'models/marts/b.sql': header(incremental) + 'select id, closed_at from crm.deals',
    'models/marts/c.sql': sql.replace('$interval_end', '$until'),
    'models/marts/d.sql': header(incremental.replace('time: closed_at', 'time: closed')) + sql,
    'models/marts/e.sql': header(`materialization: table\n${incremental.replace('day', 'week')}`) + sql,
  })
  assert.deepEqual(
    problems.map((problem) => problem.message),
    [
      'models/marts/a.sql:2:18: `materialization`: An incremental model needs `incremental: { time, grain, start }`.',
      'models/marts/b.sql: An incremental model reads one interval; its SQL does not use $interval_start and $interval_end.',
      'models/marts/c.sql: The parameter `$interval_start` has no value in a view.',
      'models/marts/c.sql: The parameter `$until` has no value in a view.',
      'models/marts/d.sql: `incremental.time` names `closed`, which the query does not return. Did you mean `closed_at`?',
      'models/marts/e.sql:3:40: `incremental.grain`: Invalid option: expected one of "hour"|"day"|"month".',
    ],
  )
})

test('comments and layout do not change a fingerprint, SQL and materialization do', async () => {
  const fingerprint = async (text: string): Promise<string> => {
    const [model] = await modelsOf({ 'models/marts/x.sql': text })
    return model?.fingerprint ?? ''
  }
  const plain = await fingerprint('select id from crm.deals')
  assert.equal(
    await fingerprint('/* ---\ndescription: All\ntags: a\n--- */\nSELECT id -- all\nFROM crm.deals'),
    plain,
  )
  assert.notEqual(await fingerprint('select id from crm.owners'), plain)
  assert.notEqual(await fingerprint('/* ---\nmaterialization: table\n--- */ select id from crm.deals'), plain)
})

test('models that TypeScript computes stand beside those of files', async () => {
  const declaration: ModelDeclaration = {
    kind: 'model',
    name: 'marts.teams',
    sql: 'select count(*) as people,\n  tem as team\nfrom crm.owners group by 2',
    materialization: 'table',
    tags: [],
    columnDescriptions: {},
    checks: [],
    place: 'models/teams.ts:4',
  }
  const { models, problems } = await compile(
    { 'models/marts/big.sql': 'select * from marts.teams' },
    { declared: [declaration, { ...declaration, sql: 'select 1 as a' }] },
  )
  assert.deepEqual(
    models.map((model) => [model.name, model.file]),
    [
      ['marts.teams', 'models/teams.ts'],
      ['marts.big', 'models/marts/big.sql'],
    ],
  )
  assert.deepEqual(models[1]?.columns?.[0], {
    name: 'people',
    reads: ['marts.teams.people'],
    nullable: false,
  })
  assert.deepEqual(
    problems.map((problem) => problem.message),
    [
      'models/teams.ts:4 (marts.teams): The name `marts.teams` is taken by models/teams.ts:4.',
      'models/teams.ts:4 (marts.teams, line 2 of its SQL): `crm.owners` has no column `tem`. Did you mean `team`?',
    ],
  )
})

test('checks and tests of what is not there are problems', async () => {
  const { problems } = await compile({
    'models/marts/won.sql':
      '/* ---\ncolumns:\n  idd: { checks: [not null] }\n  id: { checks: [{ relation: crm.owner.id }] }\n--- */\nselect id from crm.deals',
    'models/marts/won.test.yaml':
      'empty:\n  given:\n    crm.deals: [{ id: 1, stag: won }]\n  expect: [{ id: 1 }]\n',
    'models/marts/gone.test.yaml': 'none:\n  expect: []\n',
    'models/marts/bad.test.yaml': 'wrong:\n  givn: {}\n  expect: []\n',
  })
  assert.deepEqual(
    problems.map((problem) => problem.message),
    [
      'models/marts/bad.test.yaml:2:3: `wrong`: Unknown setting `givn`. Did you mean `given`? Known: given, expect, parameters.',
      'models/marts/gone.test.yaml:1: Nothing is called `marts.gone`. Did you mean `marts.won`?',
      'models/marts/won.sql:3: `marts.won` has no column `idd`. Did you mean `id`?',
      'models/marts/won.sql:4: Nothing is called `crm.owner`. Did you mean `crm.owners`?',
      'models/marts/won.test.yaml:1: marts.won: empty: `crm.deals` has no column `stag`. Did you mean `stage`?',
    ],
  )
})

test('tests beside a model keep every digit of their numbers', async () => {
  const { tests, problems } = await compile({
    'models/marts/won.sql': 'select id, amount from crm.deals',
    'models/marts/won.test.yaml': `won deals count:
  given:
    crm.deals:
      - { id: d1, amount: 10.10, closed_at: 2026-01-01 }
      - { id: 9007199254740993, amount: 3 }
  expect:
    - { id: d1, amount: 10.10 }
`,
  })
  assert.deepEqual(problems, [])
  assert.deepEqual(tests, [
    {
      name: 'marts.won: won deals count',
      model: 'marts.won',
      given: {
        'crm.deals': [
          { id: 'd1', amount: '10.10', closed_at: '2026-01-01' },
          { id: '9007199254740993', amount: 3 },
        ],
      },
      expect: [{ id: 'd1', amount: '10.10' }],
      place: 'models/marts/won.test.yaml:1',
    },
  ])
})

test('unchanged models are compiled from the cache, without a parser, in less than a second', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `models/marts/m${index}.sql`,
      `/* ---\ntags: daily\n--- */\nselect *, amount * ${index} as scaled_${index} from ${index === 0 ? 'crm.deals' : `marts.m${Math.floor(index / 2)}`}`,
    ]),
  )
  files['models/marts/m1.sql'] = 'select * from marts.m0'
  const kept = new Map<string, string>()
  let misses = 0
  const cache = {
    get: (key: string): string | undefined => {
      if (!kept.has(key)) misses++
      return kept.get(key)
    },
    set: (key: string, value: string): void => void kept.set(key, value),
  }
  const first = await compile(files, { cache })
  assert.equal(misses, 800)
  const start = performance.now()
  const second = await compile(files, { cache })
  const elapsedMs = performance.now() - start
  assert.equal(misses, 800)
  assert.deepEqual(second, first)
  assert.ok(elapsedMs < 1000, `${elapsedMs} ms`)
})

test('a model is built after the model in which its checks look values up', async () => {
  const names = async (check: string): Promise<readonly string[]> => {
    const { models, problems } = await compile({
      'models/marts/amounts.sql': `/* ---\ncolumns:\n  owner_id: { checks: [relation: ${check}] }\n--- */\nselect id, owner_id from crm.deals`,
      'models/marts/people.sql': 'select id, name from crm.owners',
      'models/marts/totals.sql': 'select owner_id from marts.amounts',
    })
    assert.deepEqual(problems, [])
    return models.map(({ name }) => name)
  }
  assert.deepEqual(await names('marts.people.id'), ['marts.people', 'marts.amounts', 'marts.totals'])
  assert.deepEqual(await names('marts.totals.owner_id'), ['marts.amounts', 'marts.people', 'marts.totals'])
})
