import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { TestContext } from 'node:test'

const root = path.join(import.meta.dirname, '..', '..', '..', '..')

const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')

const config = `
import { defineProject, duckdb, folder } from 'caudal'
export default defineProject({
  name: 'acme',
  targets: { dev: { warehouse: duckdb({ path: 'data/acme.duckdb' }), lake: folder({ path: 'data/lake' }) } },
})
`

/** How a command ended. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A project in a folder of its own, with the `caudal` command. */
export class TestProject {
  readonly folder: string
  readonly #variables: Readonly<Record<string, string>>

  private constructor(folder: string, variables: Readonly<Record<string, string>>) {
    this.folder = folder
    this.#variables = variables
  }

  /** A project whose `sources/crm.ts` is the given text. */
  static async create(
    test: TestContext,
    source: string,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<TestProject> {
    const folder = await mkdtemp(path.join(tmpdir(), 'caudal-rest-'))
    test.after(() => rm(folder, { recursive: true, force: true }))
    await mkdir(path.join(folder, 'sources'))
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(path.join(folder, 'caudal.config.ts'), config)
    await writeFile(path.join(folder, 'sources', 'crm.ts'), source)
    return new TestProject(folder, variables)
  }

  /** Runs `caudal` to its end. */
  caudal(...parameters: string[]): Promise<Outcome> {
    return new Promise((resolve) => {
      execFile(process.execPath, [binary, ...parameters], this.#options(), (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
      })
    })
  }

  /** Starts `caudal`, kills it with SIGKILL once the moment has come, and waits until it is gone. */
  async killAt(moment: Promise<void>, ...parameters: string[]): Promise<void> {
    const child = spawn(process.execPath, [binary, ...parameters], { ...this.#options(), stdio: 'ignore' })
    const ended = once(child, 'exit')
    await Promise.race([
      moment,
      ended.then(([code]) => {
        throw new Error(`caudal ended with ${String(code)} before the moment came`)
      }),
    ])
    child.kill('SIGKILL')
    await ended
  }

  /** Rows of a query. */
  async rows(sql: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.caudal('query', sql, '--json')
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout) as unknown
  }

  #options(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: this.folder, env: { ...process.env, ...this.#variables } }
  }
}
