import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { crashTests, guaranteeOf } from '../../src/plan/guarantee.ts'

const root = path.join(import.meta.dirname, '..', '..', '..', '..')

test('every crash test that plans name is there and kills loads of that adapter', async () => {
  for (const [adapter, warehouses] of Object.entries(crashTests)) {
    for (const file of Object.values(warehouses)) {
      const text = await readFile(path.join(root, file), 'utf8')
      assert.match(text, new RegExp(`^test\\('${adapter}: `, 'm'), `${file} has a test of ${adapter}`)
    }
  }
})

test('a pair that was never killed says nothing of a crash test', () => {
  const capabilities = { dialect: 'duckdb', protocol: 'transaction', isShared: false } as const
  const known = guaranteeOf({ adapter: 'rest', guarantee: 'once per key' }, { name: 'duckdb', capabilities })
  assert.equal(known.crashTest, 'test/crash/adapters.test.ts')
  const own = guaranteeOf({ adapter: 'shop', guarantee: 'at least once' }, { name: 'duckdb', capabilities })
  assert.deepEqual(own, {
    guarantee: 'at least once',
    adapter: 'shop',
    warehouse: 'duckdb',
    protocol: 'transaction',
  })
})
