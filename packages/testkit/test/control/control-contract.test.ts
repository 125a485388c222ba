import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openControlDatabase, sqliteDialect } from '@caudal/sqlite'
import { controlBehaviours, type ControlDatabase, type ControlFactory } from '@caudal/testkit'

/** A control database that breaks its contract in one way, and the behaviours that must see it. */
interface BrokenFake {
  readonly what: string
  readonly seenBy: RegExp
  open(path: string): ControlDatabase
}

const fakes: readonly BrokenFake[] = [
  {
    what: 'rolls nothing back',
    seenBy: /a transaction that throws/,
    open: (path) => rewriting(path, (text) => (text === 'rollback' ? 'commit' : text)),
  },
  {
    what: 'has no transactions',
    seenBy: /a transaction that throws/,
    open: (path) => rewriting(path, (text) => (/^(begin|commit|rollback)/.test(text) ? 'select 1' : text)),
  },
  {
    what: 'does not hold references',
    seenBy: /references hold/,
    open: (path) => rewriting(path, (text) => text, { enableForeignKeyConstraints: false }),
  },
  {
    what: 'orders texts without looking at case',
    seenBy: /ordered by their bytes/,
    open: (path) => rewriting(path, (text) => text.replace(/order by "id"/, 'order by "id" collate nocase')),
  },
  {
    what: 'forgets everything when it is closed',
    seenBy: /opened again/,
    open: (path) => ({ ...openControlDatabase({ path }), dialect: dialectOf(new DatabaseSync(':memory:')) }),
  },
  {
    what: 'cuts long texts',
    seenBy: /come back as they went in/,
    open: (path) =>
      rewriting(path, (text) => text.replace('values (?, ?, ?)', 'values (?, substr(?, 1, 65535), ?)')),
  },
  {
    what: 'makes empty backups',
    seenBy: /a backup holds/,
    open: (path) => {
      const real = openControlDatabase({ path })
      let number = 0
      return { ...real, backup: async () => `${path}.${++number}.empty` }
    },
  },
  {
    what: 'replaces a backup by the next',
    seenBy: /a backup holds/,
    open: (path) => {
      const real = openControlDatabase({ path })
      return {
        ...real,
        backup: async (label) => {
          rmSync(`${path}.${label}.backup`, { force: true })
          return real.backup(label)
        },
      }
    },
  },
]

for (const fake of fakes) {
  test(`the suite sees a control database that ${fake.what}`, async (context) => {
    const factory = factoryOf(context, (path) => fake.open(path))
    const blind: string[] = []
    for (const [index, behaviour] of controlBehaviours.entries()) {
      if (!fake.seenBy.test(behaviour.name)) continue
      await behaviour.run(factory, `place-${index}`).then(
        () => blind.push(behaviour.name),
        () => undefined,
      )
    }
    assert.deepEqual(blind, [])
    assert.ok(controlBehaviours.some(({ name }) => fake.seenBy.test(name)))
  })
}

test('what the fakes are made of shows every behaviour but the backup that it has not', async (context) => {
  const factory = factoryOf(context, (path) => rewriting(path, (text) => text))
  for (const [index, behaviour] of controlBehaviours.entries()) {
    if (behaviour.name.startsWith('a backup')) continue
    await behaviour.run(factory, `place-${index}`)
  }
})

function factoryOf(context: TestContext, open: (path: string) => ControlDatabase): ControlFactory {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-broken-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return { open: (place) => open(join(folder, place)), openBackup: (path) => openControlDatabase({ path }) }
}

/** The real adapter, with each statement changed on its way. */
function rewriting(
  path: string,
  rewrite: (text: string) => string,
  options: { readonly enableForeignKeyConstraints?: boolean } = {},
): ControlDatabase {
  const database = new DatabaseSync(path, options)
  const { prepare } = database
  database.prepare = (text) => prepare.call(database, rewrite(text))
  return { name: path, dialect: dialectOf(database), backup: async () => path }
}

function dialectOf(database: DatabaseSync): ControlDatabase['dialect'] {
  return sqliteDialect(database)
}
