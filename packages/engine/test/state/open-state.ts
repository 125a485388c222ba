import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openControlDatabase } from '@caudal/sqlite'
import { openControlState, type ControlState, type ControlStateOptions } from '@caudal/engine'

/** A path for a control database that is removed after the test. */
export function freshPath(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-state-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'control.sqlite')
}

/** Opens the state on a path; it is closed after the test. */
export async function openState(
  context: TestContext,
  path: string = freshPath(context),
  options: Partial<ControlStateOptions> = {},
): Promise<ControlState> {
  const state = await openControlState(openControlDatabase({ path }), { release: '0.1.0', ...options })
  context.after(() => state.close())
  return state
}
