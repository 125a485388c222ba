import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { startProject } from '@caudal/engine'
import { project } from '../owner/open-owner.ts'

/** What is said of a project whose configuration is this. */
async function problemsOf(folder: string, options: string): Promise<readonly string[]> {
  const text = `import { defineProject } from '@caudal/authoring'
import { duckdb } from '@caudal/duckdb'
import { folder } from '@caudal/files'
const lake = (name: string) => folder({ path: 'data/lake-' + name })
export default defineProject(${options} as never)
`
  await writeFile(path.join(folder, 'caudal.config.ts'), text)
  const { manifest, worker } = await startProject(folder, true)
  await worker.close()
  return manifest.problems.map(({ message, code }) => `${code} ${message}`)
}

test('everything that is wrong with the configuration is said at once, with the near name and the line', async (t) => {
  const folder = await project(t)
  const found = await problemsOf(
    folder,
    `{
      name: 'acme', timezone: 'UTC', timeZone: 'Europe/Madird', locale: 'not a locale', defaultTarget: 'devv', runHistory: { day: 30, runs: 0 },
      targets: { dev: { warehouse: duckdb({ path: 'data/a.duckdb', memoryLimt: '2GB' } as never), lake: lake('a'), lakes: 1 }, prod: {} },
    }`,
  )
  const place = 'CAUDAL_PROJECT_SETTING caudal.config.ts:5: '
  assert.deepEqual(found, [
    `${place}timezone is not known. Did you mean \`timeZone\`?`,
    `${place}runHistory.day is not known. Did you mean \`days\`?`,
    `${place}runHistory.runs is \`0\`: a whole number from 1 belongs there.`,
    `${place}targets.dev.lakes is not known. Did you mean \`lake\`?`,
    `${place}targets.dev.warehouse.memoryLimt is not known. Did you mean \`memoryLimit\`?`,
    `${place}targets.prod.warehouse is missing.`,
    `${place}targets.prod.lake is missing.`,
    `${place}defaultTarget is \`devv\`; the targets are dev, prod. Did you mean \`dev\`?`,
    `${place}timeZone is \`Europe/Madird\`, which is not known; for instance Europe/Madrid.`,
    `${place}locale is \`not a locale\`, which is not known; for instance es-ES.`,
  ])
})

test('two targets never share a warehouse file, however its path is written', async (t) => {
  const folder = await project(t)
  const targets = (second: string): string =>
    `{ name: 'acme', targets: {
      dev: { warehouse: duckdb({ path: 'data/acme.duckdb' }), lake: lake('dev') },
      prod: { warehouse: duckdb({ path: '${second}', threads: 2 }), lake: lake('prod') } } }`
  for (const second of [
    'data/acme.duckdb',
    './data/../data/acme.duckdb',
    path.join(folder, 'data/acme.duckdb'),
  ]) {
    const [problem = ''] = await problemsOf(folder, targets(second))
    assert.match(problem, /CAUDAL_TARGET_SHARED .*`dev` and `prod` share one warehouse/)
  }
  assert.deepEqual(await problemsOf(folder, targets('data/prod.duckdb')), [])
})

test('a schema file that a newer release wrote is refused, not misread', async (t) => {
  const folder = await project(t)
  await mkdir(path.join(folder, 'schemas'))
  await writeFile(path.join(folder, 'schemas', 'crm.json'), JSON.stringify({ format: 2, flows: [] }))
  await assert.rejects(startProject(folder), {
    message: /schemas\/crm\.json cannot be read: its format is 2, and this release reads format 1/,
  })
})

test('a schema file that is not one, or an old one, is refused in words with the mend', async (t) => {
  const folder = await project(t)
  await mkdir(path.join(folder, 'schemas'))
  const typed = { name: 'id', type: { kind: 'text' } }
  for (const [content, why] of [
    [[], 'it holds a list where an object with format and streams belongs'],
    [{ streams: [] }, 'it names no format, so Caudal did not write it'],
    [{ format: { major: 1 } }, 'its format is {"major":1}, and this release reads format 1'],
    [{ format: 1, streams: { deals: {} } }, '`streams` is an object where a list belongs'],
    [{ format: 1, streams: [{ name: 'deals' }] }, 'the columns of deals are missing where a list belongs'],
    [
      { format: 1, streams: [{ name: 'deals', columns: [typed] }] },
      'deals.id has the type {"kind":"text"}, which is none: types are written like "text" and "decimal(18,2)"',
    ],
  ] as const) {
    await writeFile(path.join(folder, 'schemas', 'crm.json'), JSON.stringify(content))
    const { manifest, worker } = await startProject(folder, true)
    await worker.close()
    assert.deepEqual(
      manifest.problems.map(({ code, message, hint }) => [code, message, hint]),
      [
        [
          'CAUDAL_SCHEMA_FILE',
          `schemas/crm.json cannot be read: ${why}. Nothing is known of the streams of \`crm\`.`,
          'Write it anew: caudal typegen.',
        ],
      ],
    )
  }
})

test('a setting that a function does not have is told with file and line of the call', async (t) => {
  const folder = await project(t)
  await mkdir(path.join(folder, 'metrics'), { recursive: true })
  await writeFile(
    path.join(folder, 'metrics/sales.ts'),
    `import { count, metric } from '@caudal/authoring'

export const deals = metric({ from: 'crm.deals', time: 'at', value: count(), directon: 'up' } as never)
`,
  )
  const { manifest, worker } = await startProject(folder, true)
  await worker.close()
  assert.deepEqual(
    manifest.problems.map(({ code, message }) => `${code} ${message}`),
    ['CAUDAL_SETTING_UNKNOWN metrics/sales.ts:3: metric(): directon is not known. Did you mean `direction`?'],
  )
})
