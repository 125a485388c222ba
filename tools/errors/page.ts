import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace, type Workspace } from '../tidy/workspace.ts'
import { collectCodes } from './collect.ts'
import { readMeanings } from './meanings.ts'
import { renderErrors } from './render.ts'

/** The generated page, relative to the root. */
export const errorsPage = 'docs/errors.md'

/** Whether the page says what the sources say. */
export function isErrorsPageCurrent(workspace: Workspace): boolean {
  const path = join(workspace.root, errorsPage)
  return existsSync(path) && readFileSync(path, 'utf8') === render(workspace)
}

/** Writes the page of error codes of the workspace at `root`. */
export function writeErrorsPage(root: string): void {
  writeFileSync(join(root, errorsPage), render(readWorkspace(root)))
}

function render(workspace: Workspace): string {
  return renderErrors(collectCodes(workspace), readMeanings(workspace.root))
}
