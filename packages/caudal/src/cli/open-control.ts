import { openControlState, type ControlState } from '@caudal/engine'
import path from 'node:path'
import { release } from './release.ts'

/** Opens the control database of a project; it is made when there is none. */
export async function openControl(projectPath: string): Promise<ControlState> {
  const { openControlDatabase } = await import('@caudal/sqlite')
  const file = path.join(projectPath, '.caudal', 'control.sqlite')
  return openControlState(openControlDatabase({ path: file }), { release })
}
