import { openControlDatabase } from '@caudal/sqlite'
import type { JsonValue, RunRecord } from '@caudal/spec'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { openControlState, Owner, startProject, type RunOperation } from '../../src/index.ts'

const fixture = path.join(import.meta.dirname, 'fixtures', 'project')
const modules = path.join(import.meta.dirname, '..', '..', '..', '..', 'node_modules')

/** What one batch of a script is. */
interface Batch {
  readonly rows?: readonly Readonly<Record<string, JsonValue>>[]
  readonly position?: JsonValue
  readonly complete?: true
  readonly fails?: string
  readonly filtered?: number
}

/** A stream's description and its reads, by the JSON of the position that they begin at; `any` stands for every other. */
export interface StreamScript {
  readonly stream: Readonly<Record<string, JsonValue>>
  readonly reads: Readonly<Record<string, readonly Batch[]>>
  readonly count?: number | readonly number[]
}

/** A project whose sources deliver what the test says. */
export class ScriptedProject {
  readonly folder: string
  #owner: Owner | undefined

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(t: TestContext): Promise<ScriptedProject> {
    const project = new ScriptedProject(await mkdtemp(path.join(tmpdir(), 'caudal-load-')))
    t.after(() => project.#remove())
    await cp(fixture, project.folder, { recursive: true })
    await symlink(modules, path.join(project.folder, 'node_modules'))
    return project
  }

  async script(source: string, streams: Readonly<Record<string, StreamScript>>): Promise<void> {
    const entries = Object.entries(streams)
    const script = {
      streams: entries.map(([name, { stream }]) => ({ name, ...stream })),
      reads: Object.fromEntries(entries.map(([name, { reads }]) => [name, reads])),
      counts: Object.fromEntries(
        entries.flatMap(([name, { count }]) => (count === undefined ? [] : [[name, count]])),
      ),
    }
    await writeFile(path.join(this.folder, `${source}.json`), JSON.stringify(script))
  }

  /** Plants a fault of the warehouse for the loads of a source; without one it is mended. */
  async fault(source?: string, fault?: 'fail' | 'miscount'): Promise<void> {
    const file = path.join(this.folder, 'fault.json')
    if (source === undefined) await rm(file, { force: true })
    else await writeFile(file, JSON.stringify({ source, fault }))
  }

  /** The owner; opened when there is none. */
  async owner(): Promise<Owner> {
    this.#owner ??= await Owner.open({
      project: await startProject(this.folder),
      control: await openControlState(
        openControlDatabase({ path: path.join(this.folder, '.caudal', 'control.sqlite') }),
        { release: 'test' },
      ),
    })
    return this.#owner
  }

  /** Closes the owner: the next one begins with recovery. */
  async close(): Promise<void> {
    await this.#owner?.close()
    this.#owner = undefined
  }

  async run(
    options: { readonly full?: boolean; readonly operation?: RunOperation } = {},
  ): Promise<RunRecord> {
    const owner = await this.owner()
    const { id } = await owner.runs.start({ select: [], trigger: 'test', ...options })
    await owner.idle()
    return owner.runs.get(id)
  }

  /** Rows of a query, each as its values. */
  async rows(sql: string): Promise<JsonValue[][]> {
    const found: JsonValue[][] = []
    const owner = await this.owner()
    for await (const { rows, values } of owner.query(sql, {}, AbortSignal.timeout(10_000))) {
      for (let row = 0; row < rows; row++) found.push(values.map((column) => column[row] ?? null))
    }
    return found
  }

  async #remove(): Promise<void> {
    await this.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
