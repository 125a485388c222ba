import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CaudalError } from '@caudal/spec'
import { rest, type RestOptions } from '../src/index.ts'

function problemsOf(options: unknown): readonly unknown[] {
  try {
    rest(options as RestOptions)
  } catch (error) {
    assert.ok(CaudalError.isInstance(error), String(error))
    assert.equal(error.code, 'CAUDAL_REST_OPTIONS')
    assert.ok(error.hint !== undefined)
    return error.context['problems'] as readonly unknown[]
  }
  return []
}

const good = { baseUrl: 'https://crm.example', streams: { deals: { path: 'deals' } } }

describe('options', () => {
  it('that are wrong are all named at once, with what was probably meant', () => {
    const problems = problemsOf({
      baseUrl: 'https://crm.example',
      rateLimits: { requests: 1 },
      retry: { attempts: 3 },
      auth: { kind: 'apiKey', key: 'k' },
      streams: {
        deals: {
          path: 'deals/{id}',
          primarykey: 'id',
          paginate: { kind: 'ofset', limit: 10 },
          count: {},
          deleted: { field: 'archived', equal: true },
          contract: { column: 'freeze' },
        },
        notes: {
          path: 'deals/{id}/notes',
          parent: { stream: 'deal' },
          cursor: { field: 'a', param: 'b', format: 'isoo' },
        },
        lines: { path: 'lines', paginate: { kind: 'page', limit: 0, pageSize: 3 } },
      },
    })
    assert.deepEqual(problems, [
      'rateLimits is not known. Did you mean `rateLimit`?',
      'retry.attempts is not known. Did you mean `attemptsMax`?',
      'auth: name either `header` or `query`, where the key goes.',
      'streams.deals.primarykey is not known. Did you mean `primaryKey`?',
      'streams.deals.paginate.kind is `ofset`; it is one of none, page, offset, cursor, next, link, keyset. Did you mean `offset`?',
      'streams.deals.contract.column is not known. Did you mean `columns`?',
      'streams.deals.deleted.equal is not known. Did you mean `equals`?',
      'streams.deals.path names `{id}`, which needs `parent`: the stream whose records have that field.',
      'streams.deals.count: name either `field` or `header`, where the number is.',
      'streams.deals.deleted needs `primaryKey`: without it a deletion names no row.',
      'streams.notes.parent.stream is `deal`, which is no stream of the source. Did you mean `deals`?',
      'streams.notes.cursor.format is `isoo`; it is one of iso, date, epoch seconds, epoch milliseconds, integer, text. Did you mean `iso`?',
      'streams.lines.paginate.pageSize is not known. Did you mean `pages`?',
      'streams.lines.paginate.limit is 0: a whole number above 0 belongs there.',
    ])
  })

  it('of children that go in a circle or name no parent field are refused', () => {
    const streams = {
      a: { path: 'b/{id}/a', parent: { stream: 'b' } },
      b: { path: 'a/{id}/b', parent: { stream: 'a' } },
      c: { path: 'c', parent: { stream: 'd' } },
      d: { path: 'd' },
    }
    const problems = problemsOf({ ...good, streams })
    assert.deepEqual(problems, [
      'streams.a.parent leads in a circle.',
      'streams.b.parent leads in a circle.',
      'streams.c.path names no field of the parent: `deals/{id}/notes`.',
    ])
  })

  it('that are right pass, and secrets are only named', () => {
    const definition = rest({
      ...good,
      auth: { kind: 'bearer', token: { kind: 'env', name: 'CRM_TOKEN' } },
      headers: { 'x-tenant': { kind: 'file', name: 'tenant.txt' } },
      schedule: 'every 15 minutes',
    })
    assert.deepEqual(definition.secrets, [
      { kind: 'env', name: 'CRM_TOKEN' },
      { kind: 'file', name: 'tenant.txt' },
    ])
    assert.equal(definition.schedule, 'every 15 minutes')
    assert.deepEqual(definition.describe, {
      baseUrl: 'https://crm.example',
      auth: 'bearer',
      streams: { deals: 'deals' },
    })
  })

  it('oauth2 needs what its grant needs', () => {
    const auth = {
      kind: 'oauth2',
      grant: 'refreshToken',
      tokenUrl: 'https://crm.example/token',
      clientId: 'c',
    }
    assert.deepEqual(problemsOf({ ...good, auth }), [
      'auth: the grant `refreshToken` needs `refreshToken`, the first one.',
    ])
    assert.deepEqual(problemsOf({ ...good, auth: { ...auth, grant: 'clientCredentials' } }), [
      'auth: the grant `clientCredentials` needs `clientSecret`.',
    ])
  })
})
