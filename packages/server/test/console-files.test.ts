import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { serveFake } from './server-fixture.ts'

async function served(context: TestContext): Promise<(path: string, accept?: string) => Promise<Response>> {
  const consoleFolder = mkdtempSync(join(tmpdir(), 'caudal-console-'))
  context.after(() => rmSync(consoleFolder, { recursive: true, force: true }))
  mkdirSync(join(consoleFolder, 'assets'))
  writeFileSync(join(consoleFolder, 'index.html'), '<title>Caudal</title>')
  writeFileSync(join(consoleFolder, 'assets', 'index-B7x_9aQe.js'), 'export {}')
  const { url } = await serveFake(context, { consoleFolder })
  return (path, accept = 'text/html') => fetch(`${url}${path}`, { headers: { accept } })
}

test('the address of a page is the app, for browsers and for what takes anything', async (context) => {
  const get = await served(context)
  for (const accept of ['text/html,application/xhtml+xml', '*/*']) {
    const page = await get('/dashboards/sales', accept)
    assert.equal(page.status, 200, accept)
    assert.equal(await page.text(), '<title>Caudal</title>')
  }
})

test('what is no page is not found: a missing file, an unknown address of the API, what wants JSON', async (context) => {
  const get = await served(context)
  assert.equal((await get('/assets/gone.js', '*/*')).status, 404)
  assert.equal((await get('/api/v1/nothing')).status, 404)
  assert.equal((await get('/dashboards/sales', 'application/json')).status, 404)
})

test('files with a hash in their name are kept for ever, nothing outside the folder is served', async (context) => {
  const get = await served(context)
  const script = await get('/assets/index-B7x_9aQe.js')
  assert.match(script.headers.get('cache-control') ?? '', /immutable/)
  assert.match(script.headers.get('content-type') ?? '', /javascript/)
  const outside = await get('/..%2f..%2f..%2fetc%2fpasswd', '*/*')
  assert.ok(!(await outside.text()).includes('root:'), 'a way out of the folder leads nowhere')
})
