import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

/** The root of the workspace. */
export const root: string = path.join(import.meta.dirname, '..', '..')

const binary = path.join(root, 'packages', 'caudal', 'bin', 'caudal.js')
const execute = promisify(execFile)

/** Rows as `caudal query --json` prints them: exact numbers as text. */
export type Rows = readonly Readonly<Record<string, string | number | boolean | null>>[]

/** The command line in a project's folder. */
export class Cli {
  readonly #folder: string
  readonly #environment: Readonly<Record<string, string>>

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.#folder = folder
    this.#environment = environment
  }

  /** Runs a command. @returns what it printed. @throws with what it said when it fails. */
  async run(...parameters: readonly string[]): Promise<string> {
    const { stdout } = await execute(process.execPath, [binary, ...parameters], {
      cwd: this.#folder,
      env: { ...process.env, ...this.#environment },
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  }

  /** The rows of a statement. */
  async query(sql: string): Promise<Rows> {
    return JSON.parse(await this.run('query', sql, '--json', '--limit', '100000')) as Rows
  }
}
