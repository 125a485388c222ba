import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSqlAnalyzer, type KnownTable, type QueryAnalysis } from '@caudal/sql'

const analyzer = createSqlAnalyzer()

const deals: KnownTable = {
  name: 'crm.deals',
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'amount', type: 'DECIMAL(18,2)' },
    { name: 'calls', type: 'BIGINT' },
    { name: 'score', type: 'DOUBLE' },
    { name: 'stage', type: 'VARCHAR' },
    { name: 'owner_id', type: 'VARCHAR' },
    { name: 'closed_at', type: 'TIMESTAMP' },
  ],
}
const owners: KnownTable = {
  name: 'crm.owners',
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'name', type: 'VARCHAR' },
  ],
}

async function referencesOf(sql: string): Promise<readonly string[]> {
  const { references } = await analyzer.outline(sql)
  return references
    .map((reference) => [reference.schema, reference.name].filter(Boolean).join('.'))
    .toSorted()
}

function analyse(sql: string): Promise<QueryAnalysis> {
  return analyzer.analyse(sql, [deals, owners])
}

async function readsOf(sql: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { columns = [] } = await analyse(sql)
  return Object.fromEntries(columns.map((column) => [column.name, column.reads]))
}

async function kindsOf(sql: string): Promise<readonly string[]> {
  const { problems } = await analyzer.outline(sql)
  const more = await analyse(sql)
  return [...problems, ...more.problems].map(
    (problem) => `${problem.kind} ${problem.place?.line}:${problem.place?.column}`,
  )
}

test('references leave out the names of WITH queries and find every subquery', async () => {
  const sql = `with won as (select * from crm.deals), crmx as (select * from won)
    select *, (select count(*) from app.calls) as n from crmx where id in (select id from crm.owners) union all select * from Legacy.Deals`
  assert.deepEqual(await referencesOf(sql), ['app.calls', 'crm.deals', 'crm.owners', 'legacy.deals'])
})

test('the quick look finds the same tables as the parser, which is asked when a name has no schema', async () => {
  const queries = [
    'with a(x) as (select 1), b as materialized (select * from crm.deals) select * from a, b, crm.owners as o',
    'with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select * from r join crm.deals d on true',
    'select extract(year from closed_at), d.id from crm.deals d cross join lateral (select 1) z',
    'select * from generate_series(1, 3) s, crm.deals where id is distinct from stage',
    'select * from (select id from crm.deals) x left join (crm.owners o join app.calls c on true) on true',
    'select "from", trim(both from name) from "crm"."owners"',
  ]
  for (const sql of queries) {
    // An unqualified table sends the whole text to the parser.
    const asked = `${sql.startsWith('with') ? sql : `select * from (${sql}) q`} cross join people`
    const found = (await referencesOf(asked)).filter((name) => name !== 'people')
    assert.deepEqual(await referencesOf(sql), found, sql)
  }
})

test('a reference has its place, an unqualified one has no schema', async () => {
  const { references } = await analyzer.outline('select *\nfrom crm.deals\njoin owners on true')
  assert.deepEqual(references, [
    { schema: 'crm', name: 'deals', place: { line: 2, column: 6 } },
    { name: 'owners', place: { line: 3, column: 6 } },
  ])
})

test('parameters are found and survive', async () => {
  const { parameters } = await analyzer.outline(
    'select id from crm.deals where closed_at >= $interval_start and closed_at < $interval_end',
  )
  assert.deepEqual(parameters, ['interval_start', 'interval_end'])
})

test('a syntax error has its line and column', async () => {
  const { problems } = await analyzer.outline('select a,\n  from from t')
  assert.equal(problems[0]?.kind, 'syntax')
  assert.deepEqual(problems[0]?.place, { line: 2, column: 8 })
})

test('what the parser does not know but the subset does is told with its mend', async () => {
  const { problems } = await analyzer.outline('select calls // 2 as half from crm.deals')
  assert.deepEqual(
    problems.map((problem) => problem.kind),
    ['syntax', 'refused'],
  )
  assert.match(problems[1]?.hint ?? '', /floor\(safe_divide/)
})

test('what is not one query is refused with the reason', async () => {
  const messages = await Promise.all(
    [
      'selct 1',
      'select 1; select 2',
      'drop table x',
      '-- nothing',
      'with a as (select 1) insert into b select * from a',
    ].map(async (sql) => (await analyzer.outline(sql)).problems[0]?.message),
  )
  assert.deepEqual(messages, [
    'A query begins with select or with, not with `selct`. Did you mean `select`?',
    'There is more than one statement.',
    'A query begins with select or with, not with `drop`.',
    'There is no SQL in the text.',
    'The statement is not a query.',
  ])
})

test('lineage goes through WITH queries and stars to the columns of the tables', async () => {
  const sql = `with won as (select *, amount * calls as weighted from crm.deals where stage = 'won'),
      owned as (select won.*, o.name as owner_name from won left join crm.owners o on o.id = won.owner_id)
    select owner_name, sum(weighted) as total, max(closed_at) as last_at, count(*) as deals from owned group by owner_name`
  assert.deepEqual(await readsOf(sql), {
    owner_name: ['crm.owners.name'],
    total: ['crm.deals.amount', 'crm.deals.calls'],
    last_at: ['crm.deals.closed_at'],
    deals: [],
  })
  const { uses, columns } = await analyse(sql)
  assert.deepEqual(uses, ['crm.deals.owner_id', 'crm.deals.stage', 'crm.owners.id', 'crm.owners.name'])
  assert.equal(columns?.find((column) => column.name === 'deals')?.nullable, false)
})

test('a star over a table without known columns leaves the columns unknown', async () => {
  const analysis = await analyzer.analyse('select * from crm.deals', [{ name: 'crm.deals', columns: [] }])
  assert.equal(analysis.columns, undefined)
  const named = await analyzer.analyse('select amount from crm.deals', [{ name: 'crm.deals', columns: [] }])
  assert.deepEqual(named.columns, [{ name: 'amount', reads: ['crm.deals.amount'] }])
})

test('an unknown column of a known table is told with its place and the nearest name', async () => {
  const { problems } = await analyse('select d.id,\n  d.amout as amount from crm.deals d')
  assert.equal(problems[0]?.kind, 'unknown column')
  assert.match(problems[0]?.message ?? '', /`crm\.deals` has no column `amout`\. Did you mean `amount`\?/)
  assert.deepEqual(problems[0]?.place, { line: 2, column: 5 })
})

test('names that the query defines are never unknown columns', async () => {
  for (const sql of [
    'with a as (select id as deal from crm.deals) select deal from a where exists (select 1 from crm.owners o where o.id = deal)',
    'select id, count(*) n from crm.deals group by id having count(*) > 1 order by n',
    'select t.v as v from crm.deals, unnest(array[1, 2]) as t(v)',
  ]) {
    assert.deepEqual((await analyse(sql)).problems, [], sql)
  }
})

test('a query that nests deeply is read, without its columns', async () => {
  const sql = `select ${'('.repeat(60)}d.id${')'.repeat(60)} as id from crm.deals d`
  assert.deepEqual(await referencesOf(sql), ['crm.deals'])
  const analysis = await analyse(sql)
  assert.equal(analysis.columns, undefined)
  assert.equal(analysis.problems[0]?.kind, 'too deep')
})

test('a syntax error below many levels, and too many levels, are told as they are', async () => {
  const message = async (levels: number, core: string): Promise<string | undefined> => {
    const { problems } = await analyzer.outline(
      `select ${'('.repeat(levels)}${core}${')'.repeat(levels)} as id from crm.deals`,
    )
    return problems[0]?.message
  }
  assert.match((await message(60, 'id + from')) ?? '', /^The SQL does not parse: (?!it nests)/)
  assert.match((await message(500, 'id')) ?? '', /^The SQL does not parse: it nests more than 400 levels/)
})

const outside: Readonly<Record<string, readonly string[]>> = {
  'select stage, count(*) as n from crm.deals group by all': ['refused 1:44'],
  'select * exclude (id) from crm.deals': ['refused 1:8'],
  'from crm.deals select id': ['refused 1:1'],
  'select year(closed_at) as y from crm.deals': ['refused 1:8'],
  "select date_diff('day', closed_at, closed_at) as d from crm.deals": ['refused 1:8'],
  'select [x for x in [1]] as l from crm.deals': ['refused 1:8', 'refused 1:20'],
  'select id from crm.deals qualify row_number() over (partition by id order by closed_at) = 1': [
    'refused 1:26',
  ],
  'select id from crm.deals order by amount desc limit 3': ['refused 1:42'],
  'select amount * 2 as twice, twice + 1 as more from crm.deals': ['refused 1:29'],
  'select round(score, 2) as score from crm.deals': ['refused 1:14'],
  "select id from crm.deals where stage ~ 'won'": ['differs 1:38'],
  'select calls / 2 as half from crm.deals': ['differs 1:8'],
  'select count(*) / 2 as half from crm.deals': ['differs 1:17'],
  'select count(*) from crm.deals': ['differs undefined:undefined'],
}

for (const [sql, expected] of Object.entries(outside)) {
  test(`outside the common subset: ${sql}`, async () => {
    assert.deepEqual(await kindsOf(sql), expected)
  })
}

const inside: readonly string[] = [
  'select amount / 2 as half, calls * 1.0 / 2 as calls, cast(calls as double precision) / 2 as exact, safe_divide(calls, 2) as safe from crm.deals',
  'select round(amount, 2) as amount from crm.deals order by closed_at desc',
  'select id, row_number() over (partition by id order by closed_at desc nulls last) as row from crm.deals limit 3',
  "select extract(year from closed_at) as y, string_agg(stage, ',' order by stage) as stages from crm.deals group by 1",
  "select coalesce(stage, 'none') as stage, amount as total, array[1, 2] as list, stage ->> 'key' as field from crm.deals",
  "select d.id as id, date '2026-01-01' as year from crm.deals d where d.closed_at >= $interval_start",
]

for (const sql of inside) {
  test(`inside the common subset: ${sql}`, async () => {
    assert.deepEqual(await kindsOf(sql), [])
  })
}
