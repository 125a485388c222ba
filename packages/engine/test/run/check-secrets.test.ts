import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { openOwner, project, run } from '../owner/open-owner.ts'

test('all secrets that are missing are named before anything is read, with the near name that is set', async (t) => {
  const folder = await project(t)
  const file = path.join(folder, 'sources', 'crm.ts')
  const text = await readFile(file, 'utf8')
  const settings = `settings: { token: env('CAUDAL_TEST_TOKEN'), key: secretFile('key.txt'), other: env('CAUDAL_TEST_OTHER') },`
  await writeFile(
    file,
    text
      .replace('defineSource({', `defineSource({ ${settings}`)
      .replace('{ decimal,', '{ decimal, env, secretFile,'),
  )
  process.env['CAUDAL_TEST_TOKNE'] = 'x'
  t.after(() => {
    for (const name of ['CAUDAL_TEST_TOKNE', 'CAUDAL_TEST_TOKEN', 'CAUDAL_TEST_OTHER'])
      delete process.env[name]
  })
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  const red = await run(owner)
  assert.equal(red.error?.code, 'CAUDAL_SECRET_UNSET')
  const message = red.error.message
  assert.match(message, /CAUDAL_TEST_TOKEN, which is not there\. Did you mean `CAUDAL_TEST_TOKNE`\?/)
  assert.match(message, /the file key\.txt/)
  assert.match(message, /CAUDAL_TEST_OTHER/)
  assert.match(message, /Nothing was read/)
  assert.deepEqual(red.stages, [])
})
