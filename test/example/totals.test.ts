import assert from 'node:assert/strict'
import path from 'node:path'
import { test } from 'node:test'
import { createCompany, serveCompany, writeFiles, type SdrTotals } from '@caudal/simulator'
import { copyExample } from '../../tools/demo/example-folder.ts'
import { Cli } from './cli.ts'
import { salesInEuros } from './sales-in-euros.ts'

const seed = Number(process.env['CAUDAL_SEED'] ?? 7)

test('what the example counts is what the company counts, before and after it went on selling', async (t) => {
  t.diagnostic(`seed ${seed} (CAUDAL_SEED)`)
  await using folder = await copyExample('test')
  const size = { seed, records: 6_000, now: '2026-06-30T12:00:00Z' }
  await writeFiles({ ...size, folder: path.join(folder.path, 'data', 'backoffice') })
  const company = await serveCompany(size)
  t.after(() => company.close())
  const cli = new Cli(folder.path, { CRM_URL: `${company.url}/v1`, CRM_TOKEN: company.token })

  await cli.run('run')
  assert.deepEqual(await countedBySdr(cli), company.totals().bySdr)

  const sales = await salesInEuros(
    createCompany(size).read('deals'),
    path.join(folder.path, 'data', 'backoffice'),
  )
  assert.deepEqual(
    await cli.query(
      'select id, id_sdr, monto, cast(fecha as varchar) as fecha from marts.ventas_sdr order by id',
    ),
    sales.toSorted((one, two) => Number(one.id) - Number(two.id)),
  )

  const changes = company.tick(400)
  assert.ok(
    changes.some(({ stream, row }) => stream === 'deals' && row.is_won),
    'something was sold',
  )
  const second = await cli.run('run')
  assert.match(second, /crm\.deals equal/)
  assert.deepEqual(await countedBySdr(cli), company.totals().bySdr)
})

/** What `Totals.bySdr` holds, from the marts. */
async function countedBySdr(cli: Cli): Promise<Record<string, SdrTotals>> {
  const counts = await cli.query(`
    select coalesce(cast(sdr_id as varchar), 'none') as sdr,
      count(*) filter (what = 'lead') as leads, count(*) filter (what = 'lead' and is_good) as converted_leads,
      count(*) filter (what = 'email') as emails_sent, count(*) filter (what = 'email' and is_good) as emails_answered,
      count(*) filter (what = 'deal') as deals, count(*) filter (what = 'deal' and is_good) as won_deals
    from (
      select 'lead' as what, sdr_id, is_converted as is_good from marts.leads
      union all select 'email', sdr_id, is_answered from marts.emails
      union all select 'deal', sdr_id, is_won from marts.deals
    ) group by 1`)
  const amounts = await cli.query(`
    select coalesce(cast(sdr_id as varchar), 'none') as sdr, currency, sum(amount) as amount
    from marts.deals where is_won group by 1, 2`)
  const wonBy = (sdr: unknown): Record<string, string> =>
    Object.fromEntries(
      amounts
        .filter((row) => row['sdr'] === sdr)
        .map(({ currency, amount }) => [String(currency), String(amount)]),
    )
  return Object.fromEntries(
    counts.map((row) => [
      String(row['sdr']),
      {
        leads: Number(row['leads']),
        convertedLeads: Number(row['converted_leads']),
        emailsSent: Number(row['emails_sent']),
        emailsAnswered: Number(row['emails_answered']),
        deals: Number(row['deals']),
        wonDeals: Number(row['won_deals']),
        wonAmount: wonBy(row['sdr']),
      },
    ]),
  )
}
