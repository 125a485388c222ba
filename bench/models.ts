import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark, Line } from './harness/benchmark.ts'
import { interleave } from './harness/interleave.ts'
import { createProject } from './harness/project.ts'
import { formatValue, series } from './harness/series.ts'

const streams = 'deals leads contacts accounts calls meetings emails quotes invoices tickets'.split(' ')

/** A project of 200 models: 40 staging views, 80 that join them, 80 marts, with checks, 40 metrics and as many tiles. */
export const models: Benchmark = {
  name: 'models',
  run: async ({ rounds, scratch, log }) => {
    const project = await createProject('models', path.join(scratch, 'models'))
    await writeModels(project.path)
    await project.caudal('typegen')
    log('building 200 models')
    await project.caudal('run')
    const cache = path.join(project.path, '.caudal', 'sql-analysis.json')
    const seconds = await interleave(rounds, {
      'first compile': async () => {
        await rm(cache, { force: true })
        return (await project.caudal('lineage', 'marts.m000.amount')).seconds
      },
      'nothing new': async () => (await project.caudal('run')).seconds,
      verify: async () => (await project.caudal('verify')).seconds,
    })
    return [
      below('first compile of 200 models', seconds['first compile'], 2),
      below('run of 200 models with nothing new', seconds['nothing new'], 1),
      below('verify of 200 models, 40 metrics and 40 tiles', seconds.verify, 2),
    ]
  },
}

/** Writes the models, metrics and tiles of the project. */
async function writeModels(folder: string): Promise<void> {
  const files = new Map<string, string>()
  for (let index = 0; index < 40; index++) files.set(`models/staging/${name('s', index)}.sql`, staging(index))
  for (let index = 0; index < 80; index++) files.set(`models/joined/${name('j', index)}.sql`, joined(index))
  for (let index = 0; index < 80; index++) files.set(`models/marts/${name('m', index)}.sql`, mart(index))
  files.set('metrics/sales.ts', metrics())
  files.set('dashboards/sales.ts', dashboard())
  for (const [file, text] of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), text)
  }
}

function name(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(3, '0')}`
}

function staging(index: number): string {
  return `/* ---
description: Rows of ${streams[index % 10] ?? ''}, cleaned
columns:
  id: { checks: [not null] }
--- */
select
  id,
  owner_id,
  account_id,
  trim(name) as name,
  coalesce(stage, 'open') as stage,
  upper(country) as country,
  amount,
  score + ${index} as score,
  is_won,
  created_at,
  closed_at,
  cast(date_trunc('month', created_at) as date) as month
from crm.${streams[index % 10] ?? ''}
where score >= ${index % 5}
`
}

function joined(index: number): string {
  const [left, right] = [name('s', index % 40), name('s', (index * 7 + 1) % 40)]
  return `/* ---
description: ${left} with ${right}
tags: [daily]
--- */
with ranked as (
  select
    *,
    row_number() over (partition by account_id order by created_at desc, id) as position
  from staging.${left}
)
select
  a.id,
  a.account_id,
  a.stage,
  a.country,
  a.amount,
  coalesce(b.amount, 0) as other_amount,
  case when a.is_won then a.amount else 0 end as won_amount,
  a.score,
  a.month,
  a.closed_at,
  b.name as other_name
from ranked a
left join staging.${right} b on b.id = a.id and b.stage <> 'lost'
where a.position <= ${(index % 9) + 1}
`
}

function mart(index: number): string {
  const [first, second] = [name('j', index), name('j', (index * 11 + 3) % 80)]
  return `/* ---
description: Amounts per month, country and stage
materialization: table
columns:
  month: { description: First day of the month, checks: [not null] }
  amount: { description: In euros, checks: [range: { min: 0 }] }
--- */
with together as (
  select month, country, stage, amount, won_amount, score from joined.${first}
  union all
  select month, country, stage, amount, won_amount, score from joined.${second}
)
select
  month,
  country,
  stage,
  count(*) as deals,
  sum(amount) as amount,
  sum(won_amount) as won_amount,
  max(score) as score
from together
group by month, country, stage
`
}

function metrics(): string {
  const one = (index: number): string => `
export const metric${index} = metric({
  from: 'marts.${name('m', index)}',
  time: 'month',
  value: sum('amount', { where: "stage = 'won'" }),
  dimensions: { country: 'country', stage: 'stage' },
  format: currency('EUR'),
})
`
  const imports = "import { currency, sum } from 'caudal'\nimport { metric } from '../caudal-types.ts'\n"
  return imports + Array.from({ length: 40 }, (_, index) => one(index)).join('')
}

function dashboard(): string {
  const names = Array.from({ length: 40 }, (_, index) => `metric${index}`)
  const rows = names.map((metric, index) =>
    index % 2 === 0 ? `    [tile.number(${metric})],` : `    [tile.bar(${metric}, { by: 'country' })],`,
  )
  return `import { dashboard, tile } from '../caudal-types.ts'
import { ${names.join(', ')} } from '../metrics/sales.ts'

export const sales = dashboard({
  filters: ['country', 'stage'],
  rows: [
${rows.join('\n')}
  ],
})
`
}

function below(work: string, samples: readonly number[], limit: number): Line {
  const measured = series('s', samples)
  return {
    work,
    reach: `< ${limit} s`,
    figure: formatValue(measured.median, 's'),
    isReached: measured.median < limit,
    series: { caudal: measured },
  }
}
