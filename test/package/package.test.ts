import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { buildPackage } from '../../tools/build.ts'

let room = ''
let home = ''

/** The environment of a user: none of the workspace's conditions, none of its tools but Node. */
const environment = {
  ...process.env,
  NODE_OPTIONS: '',
  PATH: [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter),
}

function command(
  folder: string,
  file: string,
  ...parameters: string[]
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(file, parameters, { cwd: folder, env: environment })
}

before(async () => {
  room = await mkdtemp(path.join(tmpdir(), 'caudal-package-'))
  home = path.join(room, 'user')
  await buildPackage(path.join(room, 'caudal'))
  await command(room, 'npm', 'pack', './caudal', '--pack-destination', room)
  await promisify(execFile)('mkdir', ['-p', home])
  await writeFile(path.join(home, 'package.json'), '{ "name": "user", "private": true, "type": "module" }')
  await command(
    home,
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    path.join(room, 'caudal-0.1.0.tgz'),
  )
})

after(() => rm(room, { recursive: true, force: true }))

test('the archive installs into an empty folder, and init and run work there', async () => {
  const version = await command(home, 'npx', 'caudal', '--version')
  assert.equal(version.stdout.trim(), '0.1.0')
  await command(home, 'npx', 'caudal', 'init', 'acme', '--template', 'sales')
  const acme = path.join(home, 'acme')
  const run = await command(acme, 'npx', 'caudal', 'run')
  assert.match(run.stdout, /✓ extract/)
  const revenue = await command(
    acme,
    'npx',
    'caudal',
    'query',
    '--json',
    'select count(*) as sales from marts.ventas_sdr',
  )
  const [{ sales }] = JSON.parse(revenue.stdout) as [{ sales: string }]
  assert.ok(Number(sales) > 0, `${sales} sales`)
})

test('an older Node of the system starts the Node 24 that came with the package', async (t) => {
  const old = '/usr/bin/node'
  const major = existsSync(old)
    ? Number((await command(home, old, '-p', 'process.versions.node')).stdout.split('.')[0])
    : 24
  if (major >= 24 || process.platform !== 'linux') {
    t.skip(`this system has no older Node at ${old}`)
    return
  }
  const cli = path.join(home, 'node_modules', 'caudal', 'bin', 'caudal.js')
  const { stdout } = await command(path.join(home, 'acme'), old, cli, 'doctor', '--json')
  const { findings } = JSON.parse(stdout) as { findings: { what: string; isGood: boolean }[] }
  assert.equal(findings.find(({ what }) => what === 'node')?.isGood, true)
})

test('the installed package carries its types', async () => {
  const tsc = path.join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'tsc')
  const file = path.join(home, 'typed.ts')
  await writeFile(
    file,
    "import { defineProject, duckdb, folder } from 'caudal'\n\nexport default defineProject({ name: 1, targets: { dev: { warehouse: duckdb({ path: 'x' }), lake: folder({ path: 'y' }) } } })\n",
  )
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    '',
  ]
  const refused = await command(home, tsc, ...options, file).then(
    () => '',
    (error: unknown) => (error as { stdout: string }).stdout,
  )
  assert.match(refused, /typed\.ts\(3,\d+\): error TS2322: Type 'number' is not assignable to type 'string'/)
  assert.equal(refused.match(/error TS/g)?.length, 1, refused)
})

test('the archive has our packages inside and nothing of the workspace', async () => {
  const manifest = JSON.parse(await readFile(path.join(room, 'caudal', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    bundleDependencies: string[]
  }
  assert.ok(manifest.bundleDependencies.includes('@caudal/console'))
  assert.ok(!('react' in manifest.dependencies), 'what the console is made of is built into it')
  for (const version of Object.values(manifest.dependencies))
    assert.match(version, /^\d+\.\d+\.\d+/, 'pinned')
  const { stdout } = await command(room, 'tar', '-tzf', 'caudal-0.1.0.tgz')
  const files = stdout.trim().split('\n')
  assert.deepEqual(
    files.filter((file) => /\.(tsbuildinfo|map|sources)$|\/src\/|\/test\//.test(file)),
    [],
  )
  for (const file of [
    'package/LICENSE',
    'package/NOTICE',
    'package/THIRD-PARTY',
    'package/README.md',
    'package/node_modules/@caudal/console/dist/index.html',
  ])
    assert.ok(files.includes(file), file)
})
