import { openControlState } from '@caudal/engine'
import { openControlDatabase } from '@caudal/sqlite'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { Random, seedOf } from './random.ts'

const isFull = process.env['CAUDAL_FULL'] === '1'
const rounds = isFull ? 40 : 3
const settings = 5_000
const script = path.join(import.meta.dirname, 'fixtures', 'migrate.ts')

/** Migrates the database in a process of its own. @returns whether it was killed before the end. */
async function migrate(file: string, killAfterMs?: number): Promise<boolean> {
  const child = spawn(process.execPath, ['--conditions=@caudal/source', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const isFirst = output === ''
    output += chunk.toString('utf8')
    if (isFirst && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  await once(child, 'close')
  return !output.includes('end')
}

/** The version of the schema; what is there fits it, and no setting is missing. */
function assertWhole(file: string, steps: number): void {
  const database = new DatabaseSync(file)
  try {
    const version = Number(
      database.prepare('select max(version) as version from migrations').get()?.['version'],
    )
    const count = (table: string): unknown =>
      database.prepare(`select count(*) as n from ${table}`).get()?.['n']
    assert.equal(count('settings'), settings)
    const tables = database.prepare("select name from sqlite_master where name = 'settings_copy'").all()
    assert.equal(tables.length, version > steps ? 1 : 0, `schema ${version}`)
    if (version > steps) assert.equal(count('settings_copy'), settings)
    if (version > steps + 1) assert.equal(count('settings_copy where note = name'), settings)
  } finally {
    database.close()
  }
}

test('kill -9 while the control database is migrated leaves a whole schema, before or after each step', async (t) => {
  const random = new Random(seedOf())
  t.diagnostic(`seed ${random.seed}`)
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-migration-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const old = path.join(folder, 'old.sqlite')
  const state = await openControlState(openControlDatabase({ path: old }), { release: '0.1.0' })
  const { to: steps } = state.migration
  await state.close()
  const filler = new DatabaseSync(old)
  filler.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${settings})
    insert into settings select 'setting ' || i, '"' || hex(randomblob(60)) || '"', '2026-01-01' from n`)
  filler.close()
  let killed = 0
  for (let round = 0; round < rounds; round++) {
    const file = path.join(folder, `${round}.sqlite`)
    await cp(old, file)
    if (await migrate(file, random.below(60))) killed++
    assertWhole(file, steps)
    assert.equal(await migrate(file), false)
    assertWhole(file, steps)
    const backups = (await readdir(folder)).filter((name) => name.startsWith(`${round}.sqlite.v`))
    assert.ok(backups.length > 0, 'a copy from before lies beside it')
  }
  t.diagnostic(`${killed} kills before the end`)
})
