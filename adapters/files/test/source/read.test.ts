import { formatColumnType, type FilePayload, type SourceBatch } from '@caudal/spec'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { unlink, utimes } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { FilesWorld } from './world.ts'

const deals = { streams: { deals: { path: 'in/*.csv' } } } as const

function fileOf(batch: SourceBatch | undefined): FilePayload {
  assert.ok(batch?.payload.kind === 'file')
  return batch.payload
}

const origins = (batches: readonly SourceBatch[]): string[] => batches.map((batch) => fileOf(batch).origin)

const types = (batch: SourceBatch | undefined): Record<string, string> =>
  Object.fromEntries((batch?.schema ?? []).map(({ name, type }) => [name, formatColumnType(type)]))

test('a file is delivered as it is with its hash, and not again while its bytes are the same', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id\n1\n', 'in/b.csv': 'id\n2\n' })
  const first = await world.read(deals)
  assert.deepEqual(origins(first.batches), ['in/a.csv', 'in/b.csv'])
  const payload = fileOf(first.batches[0])
  assert.equal(payload.path, path.join(world.folder, 'in/a.csv'))
  assert.equal(payload.sha256, createHash('sha256').update('id\n1\n').digest('hex'))
  assert.deepEqual((await world.read(deals, first.positions)).batches, [])
  await world.write('in/a.csv', 'id\n1\n', 10)
  assert.deepEqual((await world.read(deals, first.positions)).batches, [])
})

test('a new file is read alone; a changed one is read again, in place of its earlier rows', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id\n1\n' })
  const first = await world.read(deals)
  await world.write('in/b.csv', 'id\n2\n')
  const second = await world.read(deals, first.positions)
  assert.deepEqual(origins(second.batches), ['in/b.csv'])
  await world.write('in/a.csv', 'id\n7\n', 10)
  const third = await world.read(deals, second.positions)
  assert.deepEqual(
    third.batches.map(({ partition, replacesPartition }) => [partition, replacesPartition]),
    [['in/a.csv', true]],
  )
})

test('a file that was written while it was read is looked at again, although its size and time are the same', async (t) => {
  const world = await FilesWorld.create(t)
  await world.write('in/a.csv', 'id\n1\n', 0)
  const first = await world.read(deals)
  const { mtime } = await import('node:fs/promises').then(({ stat }) =>
    stat(path.join(world.folder, 'in/a.csv')),
  )
  await world.write('in/a.csv', 'id\n2\n', 0)
  await utimes(path.join(world.folder, 'in/a.csv'), mtime, mtime)
  assert.deepEqual(origins((await world.read(deals, first.positions)).batches), ['in/a.csv'])
})

test('a file is read again when the stream says otherwise how it is written', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id,amount\n1,1.234\n2,1.5\n' })
  const refusing = { path: 'in/*.csv', changed: 'refuse' } as const
  const first = await world.read({ streams: { deals: refusing } })
  const options = { streams: { deals: { ...refusing, text: { nulls: ['1.5'] } } } }
  const second = await world.read(options, first.positions)
  assert.deepEqual(origins(second.batches), ['in/a.csv'])
  assert.deepEqual((await world.read(options, second.positions)).batches, [])
})

test('a value that is none of a declared type does not hide how the others are written', async (t) => {
  const world = await FilesWorld.create(t, {
    'in/a.csv': 'id;amount;day\n1;1.234,56;31/12/2026\n2;n/a;31/02/2026\n3;;soon\n',
  })
  const columns = [
    { name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
    { name: 'day', type: { kind: 'timestamp' } },
  ] as const
  const { batches } = await world.read({ streams: { deals: { path: 'in/*.csv', columns } } })
  assert.deepEqual(fileOf(batches[0]).text?.columns, {
    amount: { decimalSeparator: ',', thousandsSeparator: '.' },
    day: { timestampFormat: '%d/%m/%Y' },
  })
})

test('a changed file is refused where the stream says so, and others are read', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id\n1\n' })
  const options = { streams: { deals: { path: 'in/*.csv', changed: 'refuse' } } } as const
  const first = await world.read(options)
  await world.write('in/a.csv', 'id\n7\n', 10)
  await world.write('in/b.csv', 'id\n2\n')
  const second = await world.read(options, first.positions)
  assert.deepEqual(origins(second.batches), ['in/b.csv'])
  assert.equal(second.errors[0]?.code, 'CAUDAL_FILE_CHANGED')
  assert.match(second.errors[0]?.message ?? '', /in\/a\.csv has other bytes/)
})

test('one bad file and one bad stream leave the others alone; the error tells each file', async (t) => {
  const world = await FilesWorld.create(t, {
    'in/a.csv': '',
    'in/b.csv': 'id\n1\n',
    'in/c.csv': '',
    'x/d.csv': 'id\n1\n',
  })
  const { batches, errors } = await world.read({
    streams: {
      deals: { path: 'in/*.csv', columns: [{ name: 'id', type: { kind: 'integer' } }] },
      gone: { path: 'nowhere.csv' },
      others: { path: 'x/*.csv' },
    },
  })
  assert.deepEqual(origins(batches), ['in/b.csv', 'x/d.csv'])
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['CAUDAL_FILE_NOT_FOUND', 'CAUDAL_FILE_EMPTY'],
  )
  assert.match(errors[1]?.message ?? '', /in\/a\.csv: the file is empty[^]*in\/c\.csv: the file is empty/)
})

test('with replace, all files are one snapshot as soon as one is new, changed or gone', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id\n1\n', 'in/b.csv': 'id\n2\n' })
  const options = { streams: { deals: { path: 'in/*.csv', disposition: 'replace' } } } as const
  const first = await world.read(options)
  assert.deepEqual(
    first.batches.map(({ begins, complete, partition }) => [begins, complete, partition]),
    [
      [true, undefined, undefined],
      [undefined, true, undefined],
    ],
  )
  assert.deepEqual((await world.read(options, first.positions)).batches, [])
  await unlink(path.join(world.folder, 'in/b.csv'))
  const second = await world.read(options, first.positions)
  assert.deepEqual(
    second.batches.map(({ begins, complete }) => [begins, complete]),
    [[true, true]],
  )
  await unlink(path.join(world.folder, 'in/a.csv'))
  const third = await world.read(options, second.positions)
  assert.equal(third.errors[0]?.code, 'CAUDAL_FILE_NOT_FOUND')
})

test('declared columns hold, others are sampled, and the formats are told for each column', async (t) => {
  const world = await FilesWorld.create(t, {
    'in/a.csv':
      'id;Monto;fecha;visto;nota;vacío\n1;1.234,56;31/12/2026;1/2/2026, 9:05 AM;007;\n2;12;01/02/2026;12/31/2026, 11:59 PM;8;\n',
  })
  const { batches } = await world.read({
    streams: { deals: { path: 'in/*.csv', columns: [{ name: 'id', type: { kind: 'text' } }] } },
  })
  assert.deepEqual(types(batches[0]), {
    id: 'text',
    monto: 'decimal(18,2)',
    fecha: 'date',
    visto: 'timestamp',
    nota: 'text',
    vacio: 'text',
  })
  assert.equal(batches[0]?.schema?.find(({ name }) => name === 'vacio')?.isUnseen, true)
  assert.deepEqual(fileOf(batches[0]).text, {
    delimiter: ';',
    encoding: 'utf-8',
    columns: {
      Monto: { decimalSeparator: ',', thousandsSeparator: '.' },
      fecha: { dateFormat: '%d/%m/%Y' },
      visto: { timestampFormat: '%m/%d/%Y, %I:%M %p' },
    },
  })
})

test('what one file leaves open another file of the stream decides', async (t) => {
  const world = await FilesWorld.create(t, {
    'in/a.csv': 'id,day,amount\n1,03/04/2026,1.234\n',
    'in/b.csv': 'id,day,amount\n1,31/04/2026,"1.234,5"\n2,31/12/2026,1\n'.replace('31/04', '30/04'),
  })
  const { batches, errors } = await world.read(deals)
  assert.deepEqual(errors, [])
  const [first] = batches
  assert.deepEqual(fileOf(first).text?.columns, {
    day: { dateFormat: '%d/%m/%Y' },
    amount: { decimalSeparator: ',', thousandsSeparator: '.' },
  })
})

test('how the project says that a file is written decides, also by patterns that are not guessed', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'day,amount\n3 Apr 2026,1.234\n' })
  const { batches, errors } = await world.read({
    streams: { deals: { path: 'in/*.csv', text: { dateFormat: '%d %b %Y', decimalSeparator: '.' } } },
  })
  assert.deepEqual(errors, [])
  assert.deepEqual(types(batches[0]), { day: 'date', amount: 'decimal(18,3)' })
})

test('a column that files lack is told, and with a frozen contract refused', async (t) => {
  const world = await FilesWorld.create(t, { 'in/a.csv': 'id\n1\n' })
  const columns = [
    { name: 'id', type: { kind: 'integer' } },
    { name: 'amount', type: { kind: 'integer' } },
  ] as const
  const lax = await world.read({ streams: { deals: { path: 'in/*.csv', columns } } })
  assert.equal(lax.batches.length, 1)
  assert.match(world.logged.join('\n'), /in\/a\.csv has no column amount: its rows have NULL there/)
  const strict = await world.read({
    streams: { deals: { path: 'in/*.csv', columns, contract: { columns: 'freeze' } } },
  })
  assert.equal(strict.errors[0]?.code, 'CAUDAL_FILE_COLUMN_MISSING')
})
