import { CaudalError, isSecretReference, type Setting } from '@caudal/spec'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Resolves a setting from the environment or a file of the project. @throws CaudalError `CAUDAL_SECRET_MISSING`. */
export function resolveSetting(setting: Setting, projectPath: string, usedBy: string): string {
  if (!isSecretReference(setting)) return setting
  if (setting.kind === 'env') {
    const value = process.env[setting.name]
    if (value !== undefined && value !== '') return value
    throw missing(
      `the environment variable ${setting.name}`,
      usedBy,
      `Set it before you start Caudal: ${setting.name}=… caudal …, or in the file .env of the project.`,
    )
  }
  try {
    return readFileSync(path.resolve(projectPath, setting.name), 'utf8').trimEnd()
  } catch (error) {
    throw missing(
      `the file ${setting.name}`,
      usedBy,
      `Create it in the project with the secret as its only content. (${String(error)})`,
    )
  }
}

function missing(what: string, usedBy: string, hint: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SECRET_MISSING',
    message: `${usedBy} needs ${what}, which is not there. Nothing was read.`,
    hint,
    context: { usedBy },
  })
}
