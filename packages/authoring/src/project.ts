import type {
  AdapterReference,
  PackDeclaration,
  ProjectDeclaration,
  RunHistorySettings,
  SecretReference,
} from '@caudal/spec'
import { callerPlace } from './place.ts'

/** Options of {@link defineProject}. */
export interface ProjectOptions {
  readonly name: string
  /** Named places to run. `dev` and `prod` never share a warehouse file. */
  readonly targets: Readonly<
    Record<
      string,
      {
        readonly warehouse: AdapterReference
        readonly lake: AdapterReference
        /** Where events wait until pipelines have taken them. */
        readonly log?: AdapterReference
      }
    >
  >
  /** Default: `dev`, or the first target where there is none. */
  readonly defaultTarget?: string
  /** IANA zone in which days begin unless a viewer chooses another. Default: `UTC`. */
  readonly timeZone?: string
  /** BCP 47 locale of numbers and dates. Default: `en`. */
  readonly locale?: string
  /** ISO 4217 code. Default: `EUR`. */
  readonly currency?: string
  /** A failed or late run is posted here as JSON. */
  readonly alertWebhook?: SecretReference | string
  /** How long the history of runs is kept. Default: 90 days, and at least the newest 1,000 runs. */
  readonly runHistory?: RunHistorySettings
  readonly packs?: readonly PackDeclaration[]
}

/** A project: the default export of `caudal.config.ts`. */
export function defineProject(options: ProjectOptions): ProjectDeclaration {
  const [first = 'dev'] = Object.keys(options.targets)
  return {
    timeZone: 'UTC',
    locale: 'en',
    currency: 'EUR',
    packs: [],
    defaultTarget: 'dev' in options.targets ? 'dev' : first,
    ...options,
    kind: 'project',
    place: callerPlace(defineProject),
  }
}

/** A pack: declarations under the names that they get in the project that installs it. */
export function definePack(name: string, declarations: PackDeclaration['declarations']): PackDeclaration {
  return { kind: 'pack', name, declarations, place: callerPlace(definePack) }
}

/** A setting that is read from an environment variable when it is needed. Plan, logs and API hold only its name. */
export function env(name: string): SecretReference {
  return { kind: 'env', name }
}

/** A setting that is read from a file, its path relative to the project. White space at the end is not part of it. */
export function secretFile(path: string): SecretReference {
  return { kind: 'file', name: path }
}
