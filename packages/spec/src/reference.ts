import type { JsonObject } from './json.ts'

/** A value that is read from the environment or a file when an adapter opens; the manifest, plan, logs and API hold only its name. */
export interface SecretReference {
  readonly kind: 'env' | 'file'
  /** Name of the environment variable, or path of the file relative to the project. */
  readonly name: string
}

/** A setting that may be given in clear or by reference. */
export type Setting = string | SecretReference

/** Whether a setting is a reference. */
export function isSecretReference(value: unknown): value is SecretReference {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'env' || value.kind === 'file') &&
    'name' in value
  )
}

/**
 * An adapter named in a project, as plain data: the package that exports `open` for its kind and the options for it.
 * The owner process opens warehouses and lakes from references, so that it never imports the project's code.
 */
export interface AdapterReference {
  /** The package, for instance `@caudal/duckdb`. */
  readonly module: string
  readonly options: JsonObject
  /** What is wrong with the options, each beginning with the option's name. Absent: nothing. */
  readonly problems?: readonly string[]
}

/** Where a function of the project lives: the worker imports it by this name. */
export interface CodeReference {
  /** Path of the module relative to the project. */
  readonly module: string
  readonly export: string
}
