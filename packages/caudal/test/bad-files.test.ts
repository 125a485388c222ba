import { openControlDatabase } from '@caudal/sqlite'
import { openControlState, Owner, startProject } from '@caudal/engine'
import type { JsonValue, RunRecord } from '@caudal/spec'
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { BadFile } from './bad-files/bad-file.ts'
import { badFiles } from './bad-files/cases.ts'

const modules = path.join(import.meta.dirname, '..', '..', '..', 'node_modules')

let folder = ''
let owner: Owner
let record: RunRecord

/** One project with a source for each case, run once. */
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'caudal-bad-files-'))
  await symlink(modules, path.join(folder, 'node_modules'))
  await write('package.json', '{ "type": "module" }')
  await write(
    'caudal.config.ts',
    `import { defineProject, duckdb, folder } from 'caudal'
export default defineProject({ name: 'bad', targets: { dev: { warehouse: duckdb({ path: 'data/db.duckdb' }), lake: folder({ path: 'data/lake' }) } } })
`,
  )
  await write('sources/bad.ts', sources())
  for (const { file, content } of badFiles) await write(`in/${file}`, content)
  const control = await openControlState(
    openControlDatabase({ path: path.join(folder, 'data', 'control.sqlite') }),
    { release: 'test' },
  )
  owner = await Owner.open({ project: await startProject(folder), control })
  const { id } = await owner.runs.start({ select: [], trigger: 'test' })
  await owner.idle()
  record = await owner.runs.get(id)
})

after(async () => {
  await owner?.close()
  await rm(folder, { recursive: true, force: true })
})

for (const [index, bad] of badFiles.entries()) {
  test(`bad file: ${bad.what}`, async () => {
    const source = nameOf(index)
    const stage = record.stages.find((one) => one.stage.id === `extract ${source}`)
    if (bad.error === undefined) assert.equal(stage?.error, undefined, stage?.error?.message)
    else {
      assert.equal(stage?.error?.code, bad.error.code, stage?.error?.message)
      for (const part of bad.error.says) assert.ok(stage.error.message.includes(part), stage.error.message)
      assert.ok((stage.error.hint ?? '').length > 0)
    }
    assert.deepEqual(
      await rowsOf(`SELECT ${bad.select ?? '*'} FROM ${source}.data ORDER BY ALL`),
      bad.rows ?? [],
    )
    assert.deepEqual(
      await rowsOf(
        `SELECT line, column_name, raw FROM _caudal.dead_letters WHERE schema_name = '${source}' ORDER BY line`,
      ),
      bad.letters ?? [],
    )
  })
}

async function rowsOf(sql: string): Promise<JsonValue[][]> {
  const found: JsonValue[][] = []
  try {
    for await (const chunk of owner.query(sql, {}, AbortSignal.timeout(30_000))) {
      for (let row = 0; row < chunk.rows; row++) found.push(chunk.values.map((column) => column[row] ?? null))
    }
  } catch (error) {
    if (/does not exist/.test(String(error))) return []
    throw error
  }
  return found
}

function sources(): string {
  const each = badFiles.map(
    (bad, index) =>
      `export const ${nameOf(index)} = files({ streams: { data: { path: ${JSON.stringify(bad.path ?? `in/${bad.file}`)}, ${bad.options ?? ''} } } })\n`,
  )
  return `import { columns, date, decimal, files, integer, text } from 'caudal'\n${each.join('')}`
}

function nameOf(index: number): string {
  return `case_${index}`
}

async function write(name: string, content: BadFile['content']): Promise<void> {
  const whole = path.join(folder, name)
  await mkdir(path.dirname(whole), { recursive: true })
  await writeFile(whole, content)
}
