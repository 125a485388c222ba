import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCompany, csvLines, type Company } from '@caudal/simulator'
import { root } from './root.ts'

/** The end of the company of the template: `caudal init` moves it to the present. */
const now = '2026-06-30T12:00:00Z'

/** The input of the template `sales` by file: four exports of a small company's CRM, amounts in one currency. */
export function templateData(): Readonly<Record<string, string>> {
  const company = createCompany({ seed: 11, records: 6_000, now })
  const tables = {
    sdrs: sdrs(company),
    leads: leads(company),
    emails: emails(company),
    deals: deals(company),
  }
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [`${name}.csv`, [...csvLines(rows)].join('')]),
  )
}

/** `node tools/run.js template-data`: writes it. */
export async function main(): Promise<number> {
  const folder = join(root, 'packages', 'caudal', 'templates', 'sales', 'input')
  for (const [name, text] of Object.entries(templateData())) await writeFile(join(folder, name), text)
  return 0
}

function sdrs(company: Company): object[] {
  const teams = new Map([...company.read('teams')].map(({ sdr_id, team }) => [sdr_id, team]))
  return [...company.read('sdrs')].map(({ id, name }) => ({ id, name, team: teams.get(id) ?? null }))
}

function leads(company: Company): object[] {
  return [...company.read('leads')].map(({ id, sdr_id, source, created_at, sql_at, converted_at }) => ({
    id,
    sdr_id,
    source,
    created_at,
    qualified_at: sql_at,
    converted_at,
  }))
}

function emails(company: Company): object[] {
  return [...company.read('emails')]
    .filter(({ direction }) => direction === 'outbound')
    .map(({ id, sdr_id, sent_at, answered_at }) => ({ id, sdr_id, sent_at, answered_at }))
}

function deals(company: Company): object[] {
  const names = new Map([...company.read('accounts')].map(({ id, name }) => [id, name.trim()]))
  return [...company.read('deals')].map((deal) => ({
    id: deal.id,
    customer: names.get(deal.account_id) ?? null,
    lead_id: deal.lead_id,
    sdr_id: deal.sdr_id,
    stage: deal.stage,
    amount: deal.amount,
    created_at: deal.created_at,
    closed_at: deal.closed_at,
  }))
}
