import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { templateData } from '../../tools/template-data.ts'
import { root } from './cli.ts'

test('the input of the template sales is what tools/template-data makes', async () => {
  const folder = path.join(root, 'packages', 'caudal', 'templates', 'sales', 'input')
  const made = templateData()
  assert.deepEqual((await readdir(folder)).toSorted(), Object.keys(made).toSorted())
  for (const [name, text] of Object.entries(made))
    assert.ok(
      (await readFile(path.join(folder, name), 'utf8')) === text,
      `${name}: node tools/run.js template-data`,
    )
})
