import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorReport, JsonObject } from '@caudal/spec'
import { errorText } from '../../src/i18n/error-text.ts'

function report(code: string, context: JsonObject, hint = 'Mend it.'): ErrorReport {
  return { code, message: `Reported by ${code}.`, hint, retryable: false, context }
}

test('an error is said in Spanish with its values, and in English as it was reported', () => {
  const drift = report('CAUDAL_SCHEMA_DRIFT', { table: 'crm.deals', gone: ['amount', 'stage'] })
  const said = errorText(drift, 'es')
  assert.match(said.message, /crm\.deals.*: faltan amount, stage\.$/)
  assert.match(said.hint ?? '', /^Si el cambio se quería/)
  assert.equal(said.language, 'es')
  assert.deepEqual(errorText(drift, 'en'), { message: drift.message, hint: drift.hint, language: 'en' })
})

test('what stands in brackets is left out with its value, and the sentence still begins with a capital', () => {
  assert.match(errorText(report('CAUDAL_SCHEMA_DRIFT', { table: 'crm.deals' }), 'es').message, /registró\.$/)
  assert.match(errorText(report('CAUDAL_HTTP_FORBIDDEN', {}), 'es').message, /^El servidor aceptó/)
  const told = errorText(report('CAUDAL_HTTP_FORBIDDEN', { where: 'crm.deals, page 3' }), 'es').message
  assert.match(told, /^crm\.deals, page 3: el servidor/)
  const column = { file: 'models/marts/deals.sql', line: 12 }
  assert.match(
    errorText(report('CAUDAL_MODEL_COLUMN', column), 'es').message,
    /^models\/marts\/deals\.sql:12 El/,
  )
})

test('a code without a Spanish text, or without a value that its text needs, stays as it was reported', () => {
  const unknown = errorText(report('ACME_OWN_CODE', {}), 'es')
  assert.deepEqual(unknown, { message: 'Reported by ACME_OWN_CODE.', hint: 'Mend it.', language: 'en' })
  assert.equal(errorText(report('CAUDAL_RUN_UNKNOWN', {}), 'es').language, 'en')
})
