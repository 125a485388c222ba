import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mentionedTables, replaceTables } from '@caudal/sql'

const tablesOf = (sql: string): readonly string[] => mentionedTables(sql).map((mention) => mention.table)

test('tables are found after from, join and commas, at any depth', () => {
  const sql = `with won as (select * from crm.deals d, crm.owners o where d.owner_id = o.id)
    select won.id, (select max(x.at) from app.events x) as last from won left join (crm.teams t join crm.regions r on true) on t.id = won.id
    where exists (select 1 from "Crm"."Notes" n where n.id = won.id)`
  assert.deepEqual(tablesOf(sql), [
    'crm.deals',
    'crm.owners',
    'app.events',
    'crm.teams',
    'crm.regions',
    'Crm.Notes',
  ])
})

test('columns, functions and words that only look like tables are not', () => {
  const sql = `select extract(year from d.closed_at), trim(both from d.name), d.a is distinct from d.b, public.f(1)
    from crm.deals d, lateral (values (d.x, d.y)) v order by d.a, d.b`
  assert.deepEqual(tablesOf(sql), ['crm.deals'])
})

test('a replaced table keeps the name by which its columns are called', () => {
  const relations = { 'crm.deals': '"_caudal_build"."x"', 'crm.owners': '(select 1 as id)' }
  assert.equal(
    replaceTables(
      'select deals.id, crm.deals.amount, o.id from crm.deals join crm.owners as o on o.id = deals.id where true',
      relations,
    ),
    'select deals.id, deals.amount, o.id from "_caudal_build"."x" as deals join (select 1 as id) as o on o.id = deals.id where true',
  )
  assert.equal(replaceTables('select * from crm.deals d', relations), 'select * from "_caudal_build"."x" d')
})

test('strings, comments and other tables stay as they are', () => {
  const sql = `select 'crm.deals' as a -- from crm.deals\nfrom crm.dealsx`
  assert.equal(replaceTables(sql, { 'crm.deals': 'x' }), sql)
})
