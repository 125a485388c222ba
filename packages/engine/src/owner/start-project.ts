import { CaudalError, toErrorReport, type ErrorReport, type Manifest } from '@caudal/spec'
import { ProjectWorker } from '../worker/project-worker.ts'
import type { OwnerApi } from '../worker/protocol.ts'

/** A project that its worker has loaded, before an owner exists. */
export interface StartedProject {
  readonly manifest: Manifest
  readonly worker: ProjectWorker
  /** Says who answers the worker's calls. */
  readonly link: (api: OwnerApi) => void
}

/**
 * Starts a worker and loads the project in it.
 * @throws CaudalError `CAUDAL_PROJECT_PROBLEMS` with all that is wrong with the project, unless `acceptsProblems`; the worker has ended then.
 */
export async function startProject(projectPath: string, acceptsProblems = false): Promise<StartedProject> {
  const { api, link } = linkedApi()
  const worker = new ProjectWorker(projectPath, api)
  try {
    const manifest = await worker.loadProject(projectPath)
    if (!acceptsProblems) refuseProblems(manifest)
    return { manifest, worker, link }
  } catch (error) {
    await worker.close()
    throw error
  }
}

/** The worker starts before its owner exists: calls are passed on once it does. */
function linkedApi(): { api: OwnerApi; link: (api: OwnerApi) => void } {
  let target: OwnerApi | undefined
  const pass =
    (name: keyof OwnerApi) =>
    (argument: never): Promise<never> => {
      if (target === undefined)
        throw new Error(`Invariant broken: the worker called ${name} before there was an owner`)
      return (target[name] as (argument: never) => Promise<never>)(argument)
    }
  const api: OwnerApi = {
    staged: pass('staged'),
    positions: pass('positions'),
    nextLoadId: pass('nextLoadId'),
    flush: pass('flush'),
    progress: pass('progress'),
    readSecret: pass('readSecret'),
    writeSecret: pass('writeSecret'),
    log: pass('log'),
  }
  return { api, link: (linked) => (target = linked) }
}

/** What is wrong with a project that could not be loaded, one by one. */
export function problemsOf(error: unknown): readonly ErrorReport[] {
  const report = toErrorReport(error)
  const { problems } = report.context
  return Array.isArray(problems) ? problems : [report]
}

function refuseProblems(manifest: Manifest): void {
  const [first] = manifest.problems
  if (first === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_PROJECT_PROBLEMS',
    message: manifest.problems.map((problem) => problem.message).join('\n'),
    hint:
      manifest.problems.length === 1
        ? (first.hint ?? 'Correct it and run again.')
        : 'Correct them and run again: caudal verify shows each with its mend.',
    context: { problems: manifest.problems as never },
  })
}
