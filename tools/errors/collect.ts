import type { Workspace } from '../tidy/workspace.ts'
import { environmentVariables } from './environment-variables.ts'

/** One place that raises an error code. */
export interface CodePlace {
  /** `packages/engine`. */
  readonly folder: string
  readonly file: string
  readonly line: number
  readonly message: string | undefined
  readonly hint: string | undefined
  readonly retryable: string | undefined
  /** Names of the values that come with it; `undefined`: they are collected elsewhere. */
  readonly values: readonly string[] | undefined
}

/** Packages whose sources name the codes of others and raise none. */
const bystanders: ReadonlySet<string> = new Set(['testkit', 'simulator'])

/** The error codes in the sources of the workspace, in alphabetical order, each with the places that name it. */
export function collectCodes(workspace: Workspace): Map<string, CodePlace[]> {
  const codes = new Map<string, CodePlace[]>()
  for (const owner of workspace.packages) {
    if (bystanders.has(owner.shortName)) continue
    for (const file of owner.files) {
      if (!/\/(src|bin)\//.test(file.path)) continue
      for (const { code, line, message, hint, retryable, values } of file.codes) {
        if (Object.hasOwn(environmentVariables, code)) continue
        const place = { folder: owner.folder, file: file.path, line, message, hint, retryable, values }
        codes.set(code, [...(codes.get(code) ?? []), place])
      }
    }
  }
  return new Map([...codes].toSorted(([one], [other]) => (one < other ? -1 : 1)))
}
