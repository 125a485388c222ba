import { defineProject, env } from '@caudal/authoring'
import { duckdb } from '@caudal/duckdb'
import { folder } from '@caudal/files'

export default defineProject({
  name: 'acme-support',
  targets: {
    dev: { warehouse: duckdb({ path: 'data/acme.duckdb' }), lake: folder({ path: 'data/lake' }) },
    prod: { warehouse: duckdb({ path: '/srv/acme/acme.duckdb' }), lake: folder({ path: '/srv/acme/lake' }) },
  },
  timeZone: 'Europe/Madrid',
  locale: 'es-ES',
  currency: 'EUR',
  alertWebhook: env('ALERT_WEBHOOK'),
})
