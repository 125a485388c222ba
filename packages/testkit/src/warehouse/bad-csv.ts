import type { Column, DeadLetter, StagedFile } from '@caudal/spec'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { hasCode } from './atomicity.ts'
import { WarehouseWorld, type LoadFacts, type WarehouseFactory } from './world.ts'

const columns: Column[] = [
  { name: 'id', type: { kind: 'integer' } },
  { name: 'note', type: { kind: 'text' } },
  { name: 'day', type: { kind: 'date' } },
]

interface Outcome {
  readonly inserted: number
  readonly letters: readonly DeadLetter[]
}

/** Delimited text that is broken in its form: the line is exact, the raw text is what the file has, and the rows around it are loaded. */
export function badCsvContract(name: string, factory: WarehouseFactory): void {
  test(`${name}: line breaks inside quotes leave lines exact and rows as they came`, async () => {
    const content =
      'id,note,day\r\n1,"a\r\nb",2026-01-01\r\nx,"c\r\n\r\nd",2026-01-02\r\n3,"e ""f""",soon\r\n4,ok,2026-01-04\r\n'
    const { inserted, letters } = await load(factory, { content })
    assert.equal(inserted, 2)
    assert.deepEqual(
      letters.map(({ line, column, raw, reason }) => [line, column, raw, reason]),
      [
        [4, 'id', 'x,"c\r\n\r\nd",2026-01-02', 'cannot read "x" as integer'],
        [7, 'day', '3,"e ""f""",soon', 'cannot read "soon" as date'],
      ],
    )
  })

  test(`${name}: a quote that is never closed costs its own line alone`, async () => {
    const content =
      'id,note,day\n1,"a,2026-01-01\n2,ok,2026-01-02\n3,"ok",2026-01-03\n4,"b"c,2026-01-04\n5,ok,2026-01-05\n'
    const { inserted, letters } = await load(factory, { content })
    assert.equal(inserted, 3)
    assert.deepEqual(
      letters.map(({ line, raw }) => [line, raw]),
      [
        [2, '1,"a,2026-01-01'],
        [5, '4,"b"c,2026-01-04'],
      ],
    )
    assert.match(letters[0]?.reason ?? '', /quote/)
  })

  test(`${name}: blank lines and mixed line breaks are no errors, and lines stay exact`, async () => {
    const content = 'id,note,day\n\n1,a,2026-01-01\r\n\n2,b,2026-01-02\r3,c,never\n'
    const { inserted, letters } = await load(factory, { content })
    assert.equal(inserted, 2)
    assert.deepEqual(
      letters.map(({ line, raw }) => [line, raw]),
      [[6, '3,c,never']],
    )
  })

  test(`${name}: rows that are too short, too long or not UTF-8 are set aside; empty cells at the end are not too many`, async () => {
    const content = Buffer.concat([
      Buffer.from('id,note,day\n1,a\n2,b,2026-01-02,,\n3,c,2026-01-03,d\n4,Jos'),
      Buffer.from([0xe9]),
      Buffer.from(',2026-01-04\n'),
    ])
    const { inserted, letters } = await load(factory, { content })
    assert.equal(inserted, 1)
    assert.deepEqual(
      letters.map(({ line, column, raw }) => [line, column, raw]),
      [
        [2, 'day', '1,a'],
        [4, undefined, '3,c,2026-01-03,d'],
        [5, undefined, '4,José,2026-01-04'],
      ],
    )
  })

  test(`${name}: a row of 3 MB is loaded, one of more than 16 MB is refused by its line`, async () => {
    const long = (bytes: number): string =>
      `id,note,day\n1,a,2026-01-01\n2,"${'x'.repeat(bytes)}",2026-01-02\n`
    assert.equal((await load(factory, { content: long(3_000_000) })).inserted, 2)
    await assert.rejects(load(factory, { content: long(17_000_000) }), (error: Error) => {
      assert.match(error.message, /line 3: the row has more than 16777216 bytes/)
      return hasCode('CAUDAL_LOAD_LINE_TOO_LONG')(error)
    })
  })

  test(`${name}: packed and UTF-16 text has the same lines and raw rows`, async () => {
    const content = 'id,note,day\nx,ñ,2026-01-01\n2,b,2026-01-02\n'
    const packed = await load(factory, { content: gzipSync(content), compression: 'gzip' })
    const wide = await load(factory, {
      content: Buffer.from(`\uFEFF${content}`, 'utf16le'),
      text: { encoding: 'utf-16' },
    })
    for (const { inserted, letters } of [packed, wide]) {
      assert.equal(inserted, 1)
      assert.deepEqual(
        letters.map(({ line, raw }) => [line, raw]),
        [[2, 'x,ñ,2026-01-01']],
      )
    }
  })

  test(`${name}: a header that names a column twice is refused`, async () => {
    await assert.rejects(load(factory, { content: 'id,note,note\n1,a,b\n' }), hasCode('CAUDAL_LOAD_HEADER'))
  })
}

async function load(
  factory: WarehouseFactory,
  file: Partial<StagedFile> & { readonly content: string | Uint8Array },
  settings: LoadFacts['settings'] = {},
): Promise<Outcome> {
  await using world = await WarehouseWorld.create(factory)
  const prepared = await world.load({
    columns,
    settings,
    files: [{ format: 'csv', origin: 'deals.csv', ...file }],
  })
  const outcome = await world.commit(prepared)
  const letters = await world.warehouse.state.deadLetters({ limit: 10 })
  return { inserted: outcome.tables[0]?.counts.inserted ?? 0, letters }
}
