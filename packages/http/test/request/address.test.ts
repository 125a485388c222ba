import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HttpClient, Redactor, bearerAuthorizer, keyQueryAuthorizer, responseJson } from '../../src/index.ts'
import { createTestClock } from '../support/clock.ts'
import { sendJson, startServer } from '../support/server.ts'

const signal = new AbortController().signal

describe('addresses', () => {
  it('puts paths below the base URL, with a slash before them or without', () => {
    const client = new HttpClient({ baseUrl: 'https://api.example.com/v2' })
    for (const path of ['deals', '/deals']) {
      assert.equal(client.resolve(path, 'crm').href, 'https://api.example.com/v2/deals')
    }
    const link = client.resolve('?page=2', 'crm', 'https://api.example.com/v2/deals?page=1')
    assert.equal(link.href, 'https://api.example.com/v2/deals?page=2')
  })

  it('sends nothing to a server that was not configured', async (test) => {
    const foreign = await startServer(test, (_, response) => sendJson(response, {}))
    const home = await startServer(test, (_, response) =>
      sendJson(response, {}, 302, { location: `${foreign.url}/x` }),
    )
    const redactor = new Redactor()
    const client = new HttpClient({
      baseUrl: home.url,
      redactor,
      authorizer: bearerAuthorizer('very-secret', redactor),
      clock: createTestClock(),
    })
    test.after(() => client.close())
    const request = client.request({ url: 'deals', where: 'crm.deals', signal }, () => 0)
    await assert.rejects(request, { code: 'CAUDAL_HTTP_FOREIGN_ORIGIN' })
    assert.throws(() => client.resolve(`${foreign.url}/deals`, 'crm.deals'), {
      code: 'CAUDAL_HTTP_FOREIGN_ORIGIN',
    })
    assert.equal(foreign.seen.length, 0)
  })

  it('follows redirects to configured servers, a bounded number of times', async (test) => {
    const other = await startServer(test, (seen, response) => sendJson(response, { path: seen.url.pathname }))
    const home = await startServer(test, (seen, response) =>
      seen.url.pathname === '/loop'
        ? sendJson(response, {}, 307, { location: '/loop' })
        : sendJson(response, {}, 301, { location: `${other.url}/moved` }),
    )
    const client = new HttpClient({ baseUrl: home.url, origins: [other.url] })
    test.after(() => client.close())
    const read = { where: 'crm', signal }
    assert.deepEqual(await client.request({ ...read, url: 'deals' }, (response) => responseJson(response)), {
      path: '/moved',
    })
    await assert.rejects(
      client.request({ ...read, url: 'loop' }, () => 0),
      { code: 'CAUDAL_HTTP_REDIRECTED' },
    )
  })
})

describe('secrets', () => {
  it('are never in messages, in whatever form they come back', async (test) => {
    const secret = 's3cr3t/with+signs"'
    const { url } = await startServer(test, (seen, response) =>
      sendJson(response, { error: `bad key ${secret} in ${seen.url.href}` }, 400),
    )
    const redactor = new Redactor()
    const client = new HttpClient({
      baseUrl: url,
      redactor,
      authorizer: keyQueryAuthorizer('auth', secret, redactor),
    })
    test.after(() => client.close())
    const error = await client
      .request({ url: 'deals?page=2&password=hunter22', where: 'crm.deals', signal }, () => 0)
      .catch((thrown: unknown) => thrown as { message: string; context: object })
    assert.ok(typeof error === 'object')
    const shown = error.message + JSON.stringify(error.context)
    assert.ok(!shown.includes('s3cr3t'), shown)
    assert.ok(!JSON.stringify(error.context).includes('hunter22'), shown)
    assert.match(error.message, /page=2/)
  })

  it('in user names, passwords and known parameters of URLs are masked', () => {
    const redactor = new Redactor()
    const shown = redactor.url('https://user:pass@example.com/a?api_key=1&token=2&page_token=3&sort_key=4')
    assert.equal(shown, 'https://example.com/a?api_key=***&token=***&page_token=3&sort_key=4')
  })
})
