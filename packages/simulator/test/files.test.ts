import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createCompany, writeFiles, type WrittenFile } from '@caudal/simulator'

const options = { seed: 7, records: 5000, now: '2026-06-30T12:00:00Z' }

describe('the files', () => {
  let folder: string
  let written: WrittenFile[]
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulator-'))
    written = await writeFiles({ ...options, folder: join(folder, 'one', 'deep') })
  })
  after(() => rm(folder, { recursive: true }))

  const contents = async (name: string): Promise<Buffer> => readFile(join(folder, name))

  it('are those that the documentation names', async () => {
    assert.deepEqual((await readdir(join(folder, 'one/deep'))).toSorted(), [
      'accounts.csv',
      'email_events.csv',
      'fx_rates.csv',
      'product_usage.ndjson.gz',
      'quotas.csv',
      'sdrs.csv',
      'teams.csv',
    ])
  })

  it('are the same bytes when written again, and the gzip names no machine', async () => {
    await writeFiles({ ...options, folder: join(folder, 'two') })
    for (const name of await readdir(join(folder, 'two'))) {
      assert.ok((await contents(`one/deep/${name}`)).equals(await contents(`two/${name}`)), name)
    }
    const header = await contents('two/product_usage.ndjson.gz')
    assert.deepEqual([...header.subarray(4, 8), header[9]], [0, 0, 0, 0, 255])
  })

  it('hold every record of their stream, as many as reported', async () => {
    const company = createCompany(options)
    const usage = gunzipSync(await contents('one/deep/product_usage.ndjson.gz')).toString()
    const lines = usage.trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [...company.read('product_usage')],
    )
    assert.equal(written.find((file) => file.path.endsWith('.gz'))?.rows, lines.length)
    const events = (await contents('one/deep/email_events.csv')).toString().trimEnd().split('\n')
    assert.equal(events[0], 'id,email_id,sdr_id,type,is_machine,occurred_at')
    const expected = [...company.read('email_events')].map((event) => Object.values(event).join(','))
    assert.deepEqual(events.slice(1), expected)
  })

  it('quote names with quotes, commas, newlines and outer spaces; null is empty and the empty string is ""', async () => {
    const company = createCompany({ ...options, records: 100_000 })
    await writeFiles({ ...options, records: 100_000, folder: join(folder, 'odd') })
    const text = (await contents('odd/accounts.csv')).toString()
    for (const account of company.read('accounts')) {
      const name = /[",\n]|^ /.test(account.name) ? `"${account.name.replaceAll('"', '""')}"` : account.name
      const industry = account.industry === null ? '' : account.industry === '' ? '""' : account.industry
      const line = `\n${account.id},${name},${account.domain},${account.country},${industry},${account.employees},`
      assert.ok(text.includes(line), line)
    }
  })

  it('give a rate for every day and a quota for every SDR at work on the first of a month', async () => {
    const rates = (await contents('one/deep/fx_rates.csv')).toString().trimEnd().split('\n').slice(1)
    assert.equal(rates.length, 549)
    assert.equal(rates.at(-1)?.slice(0, 14), '2026-06-30,USD')
    for (const rate of rates) assert.match(rate, /^20\d\d-\d\d-\d\d,USD,0\.[89]\d{3}$/)
    const quotas = (await contents('one/deep/quotas.csv')).toString().trimEnd().split('\n').slice(1)
    const june = quotas
      .filter((line) => line.includes(',2026-06-01,'))
      .map((line) => Number(line.split(',')[0]))
    const teams = [...createCompany(options).read('teams')]
    const atWork = teams.filter(
      (stay) =>
        stay.role === 'sdr' &&
        stay.valid_from <= '2026-06-01' &&
        (stay.valid_to === null || stay.valid_to > '2026-06-01'),
    )
    assert.deepEqual(june, [...new Set(atWork.map((stay) => stay.sdr_id))])
  })
})
