import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { sendJson, startApi, type Asked } from './support/api.ts'
import { TestProject } from './support/project.ts'

const source = `
import { env, rest } from 'caudal'
export const crm = rest({
  baseUrl: env('CRM_URL'),
  auth: {
    kind: 'oauth2',
    grant: 'refreshToken',
    tokenUrl: env('CRM_TOKEN_URL'),
    clientId: 'caudal',
    refreshToken: env('CRM_REFRESH_TOKEN'),
  },
  streams: { deals: { path: 'deals', primaryKey: 'id' } },
})
`

interface Vendor {
  readonly url: string
  readonly used: string[]
  /** Resolves when the next request of the kind arrives, which is then never answered. */
  stall(kind: 'token' | 'deals'): Promise<void>
}

/** A vendor whose refresh tokens are good for one use. */
async function startVendor(t: TestContext): Promise<Vendor> {
  const used: string[] = []
  let stalled: { readonly kind: string; readonly reached: () => void } | undefined
  const rotate = ({ body }: Asked): { status: number; answer: unknown } => {
    const token = new URLSearchParams(body).get('refresh_token') ?? ''
    if (token !== `refresh-number-${used.length}`) return { status: 400, answer: { error: 'invalid_grant' } }
    used.push(token)
    const answer = { access_token: 'access', refresh_token: `refresh-number-${used.length}`, expires_in: 1 }
    return { status: 200, answer }
  }
  const { url } = await startApi(t, (asked, response) => {
    const kind = asked.path === '/token' ? 'token' : 'deals'
    if (stalled?.kind === kind) return stalled.reached()
    const { status, answer } =
      kind === 'token' ? rotate(asked) : { status: 200, answer: [{ id: 1 }, { id: 2 }] }
    sendJson(response, answer, status)
    return undefined
  })
  return {
    url,
    used,
    async stall(kind) {
      await new Promise<void>((resolve) => (stalled = { kind, reached: resolve }))
      stalled = undefined
    },
  }
}

async function createProject(t: TestContext, { url }: Vendor, key: string): Promise<TestProject> {
  return TestProject.create(t, source, {
    CRM_URL: url,
    CRM_TOKEN_URL: `${url}/token`,
    CRM_REFRESH_TOKEN: 'refresh-number-0',
    CAUDAL_SECRET_KEY: key,
  })
}

test('a refresh token of one use survives kill -9 before and after its rotation, and lies encrypted', async (t) => {
  const vendor = await startVendor(t)
  const project = await createProject(t, vendor, randomBytes(32).toString('base64'))

  await project.killAt(vendor.stall('token'), 'run')
  assert.deepEqual(vendor.used, [], 'killed before the old token was used')

  await project.killAt(vendor.stall('deals'), 'run')
  assert.deepEqual(vendor.used, ['refresh-number-0'], 'killed after the rotation')

  const run = await project.caudal('run')
  assert.equal(run.code, 0, run.stderr + run.stdout)
  assert.equal(new Set(vendor.used).size, vendor.used.length, 'no token was used twice')
  assert.deepEqual(await project.rows('SELECT count(*) AS n FROM crm.deals'), [{ n: '2' }])

  for (const bytes of await filesOf(path.join(project.folder, 'data'))) {
    assert.ok(!bytes.includes('refresh-number-'), 'the token lies in clear on disk')
  }
  const shown = run.stdout + run.stderr + (await project.caudal('plan', '--json')).stdout
  assert.doesNotMatch(shown, /refresh-number-/)
})

test('without a key to encrypt with, no refresh token is used up', async (t) => {
  const vendor = await startVendor(t)
  const project = await createProject(t, vendor, '')
  const run = await project.caudal('run')
  assert.notEqual(run.code, 0)
  assert.match(run.stdout + run.stderr, /CAUDAL_SECRET_KEY/)
  assert.deepEqual(vendor.used, [])
})

async function filesOf(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  assert.ok(files.length > 2)
  return Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name))))
}
