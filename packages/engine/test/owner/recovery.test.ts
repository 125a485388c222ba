import type { Lake, LakeObject } from '@caudal/spec'
import { openLake } from '@caudal/files'
import assert from 'node:assert/strict'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { listUnsettledLoads, loadFolder } from '../../src/load/staged-load.ts'
import { openOwner, projectFolder, rows, run } from './open-owner.ts'

async function project(
  t: TestContext,
): Promise<{ folder: string; write: (ids: readonly string[]) => Promise<void> }> {
  const folder = await projectFolder(t)
  await mkdir(path.join(folder, 'input'), { recursive: true })
  let updated = 0
  const write = (ids: readonly string[]): Promise<void> => {
    updated++
    const list = ids.map((id) => ({ id, amount: '1.00', stage: 'won', updated }))
    return writeFile(path.join(folder, 'input', 'deals.json'), JSON.stringify(list))
  }
  return { folder, write }
}

/** Folders of the lake that hold a load. */
async function loads(folder: string): Promise<string[]> {
  const stream = path.join(folder, 'data', 'lake', 'crm', 'deals')
  const days = await readdir(stream)
  const found = await Promise.all(
    days.map(async (day) => (await readdir(path.join(stream, day))).map((id) => path.join(stream, day, id))),
  )
  return found.flat().toSorted()
}

test('a load that could not be committed takes effect before the source is read again, and once', async (t) => {
  const { folder, write } = await project(t)
  const owner = await openOwner(folder)
  t.after(() => owner.close())
  await write(['a'])
  await run(owner)
  await write(['a', 'b'])
  const commit = owner.warehouse.commit.bind(owner.warehouse)
  const full = Object.assign(new Error('the disk is full'), { retryable: true })
  owner.warehouse.commit = () => Promise.reject(full)
  assert.equal((await run(owner)).state, 'failed')
  owner.warehouse.commit = commit
  await write(['a', 'b', 'c'])
  const good = await run(owner)
  assert.equal(good.state, 'succeeded')
  assert.equal(
    good.stages[0]?.counts?.inserted,
    2,
    'b from the load that was staged before, c from the new one',
  )
  assert.deepEqual(await rows(owner, 'select id from crm.deals order by id'), [['a'], ['b'], ['c']])
  assert.equal((await loads(folder)).length, 3)
})

test('what is settled is not looked at again, however much of it there is', async (t) => {
  const { folder } = await project(t)
  const lake = await openLake({ path: 'lake' }, { projectPath: folder })
  const id = (n: number): string => String(1_790_000_000_000_000 + n * 86_400_000_000)
  const put = (n: number, name: string): Promise<boolean> =>
    lake.putIfAbsent(
      `${loadFolder('crm', 'deals', id(n))}/${name}`,
      Buffer.from(JSON.stringify({ format: 1, id: id(n), files: [] })),
    )
  for (let n = 0; n < 50; n++) await put(n, 'load.json')
  await put(48, 'abandoned.json')
  const seen: string[] = []
  const watched: Lake = Object.assign(Object.create(lake) as Lake, {
    async *list(prefix: string, after?: string): AsyncGenerator<LakeObject> {
      for await (const object of lake.list(prefix, after)) {
        seen.push(object.key)
        yield object
      }
    },
    get: (key: string) => lake.get(key),
    folders: (prefix: string) => lake.folders(prefix),
  })
  const newest = [{ source: 'crm', stream: 'deals', load: id(46) }]
  const unsettled = await listUnsettledLoads(watched, newest)
  assert.deepEqual(
    unsettled.map(({ load }) => load.id),
    [id(47), id(49)],
  )
  assert.equal(seen.length, 4, 'three manifests and a mark')
})
