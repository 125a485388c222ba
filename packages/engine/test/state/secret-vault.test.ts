import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { ControlState } from '@caudal/engine'
import { freshPath, openState } from './open-state.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const otherKey = Buffer.alloc(32, 8).toString('hex')
const token = 'refresh-token-ñ-9f8e7d'

function withKey(context: TestContext, path: string, text: string | undefined): Promise<ControlState> {
  return openState(context, path, { secretKey: () => text })
}

test('a secret comes back after a restart and is nowhere in the file in clear', async (context) => {
  const path = freshPath(context)
  const first = await withKey(context, path, key)
  await first.secrets.write('crm', 'refresh', 'the first one')
  await first.secrets.write('crm', 'refresh', token)
  await first.close()
  assert.ok(!readFileSync(path).includes('refresh-token'))
  const second = await withKey(context, path, key)
  assert.equal(await second.secrets.read('crm', 'refresh'), token)
  assert.equal(await second.secrets.read('crm', 'access'), undefined)
  await second.secrets.remove('crm', 'refresh')
  assert.equal(await second.secrets.read('crm', 'refresh'), undefined)
})

test('an absent, malformed or wrong key is told apart, and nothing is lost by trying', async (context) => {
  const path = freshPath(context)
  const right = await withKey(context, path, key)
  await right.secrets.write('crm', 'refresh', token)
  const absent = await withKey(context, path, undefined)
  await assert.rejects(absent.secrets.read('crm', 'refresh'), { code: 'CAUDAL_SECRET_KEY_MISSING' })
  await assert.rejects(absent.secrets.write('crm', 'refresh', 'x'), { code: 'CAUDAL_SECRET_KEY_MISSING' })
  const short = await withKey(context, path, 'c2hvcnQ=')
  await assert.rejects(short.secrets.read('crm', 'refresh'), {
    code: 'CAUDAL_SECRET_KEY_INVALID',
    message: /5 bytes/,
  })
  const wrong = await withKey(context, path, otherKey)
  await assert.rejects(wrong.secrets.read('crm', 'refresh'), (error: Error) => {
    assert.match(error.message, /encrypted under the key \S{12}; CAUDAL_SECRET_KEY now holds the key \S{12}/)
    return !error.message.includes(token) && !error.message.includes(otherKey)
  })
  assert.equal(await right.secrets.read('crm', 'refresh'), token)
})

test('a value moved to another name or changed by a bit is refused', async (context) => {
  const path = freshPath(context)
  const state = await withKey(context, path, key)
  await state.secrets.write('crm', 'refresh', token)
  const database = new DatabaseSync(path)
  database.exec("insert into secrets select 'mail', name, key_id, value, updated_at from secrets")
  await assert.rejects(state.secrets.read('mail', 'refresh'), { code: 'CAUDAL_SECRET_DAMAGED' })
  const sealed = String(database.prepare("select value from secrets where source = 'crm'").get()?.['value'])
  const parts = sealed.split('.')
  const body = parts[3] ?? ''
  parts[3] = (body.startsWith('A') ? 'B' : 'A') + body.slice(1)
  database.prepare("update secrets set value = ? where source = 'crm'").run(parts.join('.'))
  await assert.rejects(state.secrets.read('crm', 'refresh'), { code: 'CAUDAL_SECRET_DAMAGED' })
  database.prepare("update secrets set value = 'rubbish' where source = 'crm'").run()
  await assert.rejects(state.secrets.read('crm', 'refresh'), { code: 'CAUDAL_SECRET_DAMAGED' })
  database.close()
})
