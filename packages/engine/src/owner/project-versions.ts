import { CaudalError, type Manifest } from '@caudal/spec'
import type { ProjectWorker } from '../worker/project-worker.ts'
import type { OwnerApi } from '../worker/protocol.ts'
import { startProject, type StartedProject } from './start-project.ts'

/** One version of the project: its manifest, and the worker that imported its code. */
export interface ProjectVersion {
  readonly manifest: Manifest
  readonly worker: ProjectWorker
}

/** A version that stays open until it is released. */
export interface HeldVersion extends ProjectVersion {
  /** Keeps it open for somebody else too. */
  share(): HeldVersion
  /** A second call does nothing. */
  release(): void
}

interface Counted extends ProjectVersion {
  holders: number
}

/**
 * The versions of the project that are open: the current one, older ones that a run still uses, and those of attached processes whose files
 * differ. A worker ends with the last run that uses it.
 */
export class ProjectVersions {
  readonly #api: OwnerApi
  readonly #ending = new Set<Promise<void>>()
  #current: Counted
  #reloading: Promise<Manifest> | undefined

  constructor(first: StartedProject, api: OwnerApi) {
    this.#api = api
    first.link(api)
    this.#current = { manifest: first.manifest, worker: first.worker, holders: 1 }
  }

  get current(): ProjectVersion {
    return this.#current
  }

  /** The current version, kept open. */
  hold(): HeldVersion {
    return this.#hold(this.#current)
  }

  /**
   * Opens the version that another process has loaded.
   * @throws CaudalError `CAUDAL_PROJECT_PROBLEMS`, `CAUDAL_ATTACH_PROJECT` when the files changed since that process loaded them.
   */
  async open(projectPath: string, fingerprint: string): Promise<HeldVersion> {
    if (fingerprint === this.#current.manifest.fingerprint) return this.hold()
    const { manifest, worker, link } = await startProject(projectPath)
    link(this.#api)
    const version: Counted = { manifest, worker, holders: 0 }
    const held = this.#hold(version)
    if (manifest.fingerprint === fingerprint) return held
    held.release()
    throw changedMeanwhile(projectPath)
  }

  /**
   * Loads the project anew in a fresh worker and makes it the current version.
   * @throws CaudalError with what is wrong with the project; the version before stays.
   */
  reload(): Promise<Manifest> {
    const work = (this.#reloading ?? Promise.resolve()).catch(() => undefined).then(() => this.#reload())
    this.#reloading = work
    return work
  }

  /** Ends every worker. Runs must have ended. */
  async close(): Promise<void> {
    await this.#reloading?.catch(() => undefined)
    this.#release(this.#current)
    await Promise.all(this.#ending)
  }

  async #reload(): Promise<Manifest> {
    const { manifest, worker, link } = await startProject(this.#current.manifest.path)
    link(this.#api)
    const before = this.#current
    this.#current = { manifest, worker, holders: 1 }
    this.#release(before)
    return manifest
  }

  #hold(version: Counted): HeldVersion {
    version.holders++
    let isHeld = true
    const release = (): void => {
      if (!isHeld) return
      isHeld = false
      this.#release(version)
    }
    return { manifest: version.manifest, worker: version.worker, share: () => this.#hold(version), release }
  }

  #release(version: Counted): void {
    version.holders--
    if (version.holders > 0) return
    const ended = version.worker.close().finally(() => this.#ending.delete(ended))
    this.#ending.add(ended)
  }
}

function changedMeanwhile(projectPath: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_ATTACH_PROJECT',
    message: `The files of the project ${projectPath} changed while the command was starting. Nothing was run.`,
    hint: 'Run the command again.',
    retryable: true,
    context: { projectPath },
  })
}
