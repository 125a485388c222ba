import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { FilesWorld } from '../source/world.ts'

const fixtures = path.join(import.meta.dirname, 'fixtures')

async function convert(
  t: TestContext,
  fixture: string,
  options: { readonly sheet?: string } = {},
): Promise<string> {
  const world = await FilesWorld.create(t)
  await world.write('book.xlsx', await readFile(path.join(fixtures, fixture)))
  const converted = await world.readOne({ streams: { data: { path: 'book.xlsx', ...options } } })
  assert.ok(converted !== undefined)
  return converted
}

test('a sheet becomes text: numbers with 15 digits, dates by their format, line breaks and quotes kept, a line for each row', async (t) => {
  assert.equal(
    await convert(t, 'openpyxl.xlsx', { sheet: 'Deals' }),
    [
      'id,Cliente,Monto,Cerrado,Visto,Hora,Ganado,Código',
      '1,"Año, ""S.A.""",1234.56,2026-12-31,2026-03-29 02:30:15,09:05:00,true,00123',
      '2,"línea\ndos",0.3,2026-02-01,2026-03-29 00:00:00,,false,00124',
      '',
      '3,,-0.0000001,,,,,',
      '',
    ].join('\n'),
  )
})

test('the other date system, text in several fonts and the value of a formula', async (t) => {
  assert.equal(
    await convert(t, 'xlsxwriter-1904.xlsx'),
    'id,at,day,rich,total\n9007199254740991,2026-01-02 03:04:05,2026-01-02,a bold end,2.5\n',
  )
})
