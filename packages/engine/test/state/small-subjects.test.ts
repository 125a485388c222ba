import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openState } from './open-state.ts'

test('settings are set, replaced and removed', async (context) => {
  const { settings } = await openState(context)
  assert.equal(await settings.get('console.language'), undefined)
  await settings.set('console.language', { primary: 'es', others: ['en', null] })
  await settings.set('console.language', { primary: 'en' })
  assert.deepEqual(await settings.get('console.language'), { primary: 'en' })
  await settings.remove('console.language')
  assert.equal(await settings.get('console.language'), undefined)
})

test('schedules are remembered per target', async (context) => {
  const { schedules } = await openState(context)
  const first = { source: 'crm', schedule: 'every 15 minutes', missed: 0, failures: 0 }
  await schedules.save('dev', first)
  const later = { ...first, missed: 3, failures: 1, nextAt: '2026-03-01T00:15:00.000Z', alerted: 'X' }
  await schedules.save('dev', later)
  await schedules.save('prod', first)
  assert.deepEqual(await schedules.list('dev'), [later])
  await schedules.save('dev', first)
  assert.deepEqual(await schedules.list('dev'), [first], 'what is absent now is forgotten')
})

test('the audit keeps every action in order', async (context) => {
  const { audit } = await openState(context)
  for (const subject of ['r1', 'r2', 'r3']) {
    await audit.add({ viewer: 'local', action: 'run.cancel', subject, details: { reason: 'slow' } })
  }
  const entries = await audit.list(2)
  assert.deepEqual(
    entries.map((entry) => entry.subject),
    ['r3', 'r2'],
  )
  assert.deepEqual(entries[0]?.details, { reason: 'slow' })
})
