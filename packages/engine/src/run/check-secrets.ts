import { CaudalError, isSecretReference, suggestion, type Manifest, type Plan } from '@caudal/spec'
import { existsSync } from 'node:fs'
import path from 'node:path'

/**
 * Looks whether every secret is there that the sources of a plan name, before any of them is read.
 * @throws CaudalError `CAUDAL_SECRET_UNSET`, naming all that are missing
 */
export function checkSecrets(manifest: Manifest, plan: Plan): void {
  const read = new Set(plan.stages.flatMap((stage) => (stage.kind === 'extract' ? [stage.source] : [])))
  const users = new Map<string, string[]>()
  for (const source of manifest.sources) {
    if (!read.has(source.name)) continue
    for (const secret of source.secrets) {
      if (!isSecretReference(secret) || isThere(secret.kind, secret.name, manifest.path)) continue
      const what =
        secret.kind === 'env' ? `the environment variable ${secret.name}` : `the file ${secret.name}`
      const near = secret.kind === 'env' ? suggestion(secret.name, setNames()) : ''
      const key = `${what}, which is not there.${near}`
      users.set(key, [...new Set([...(users.get(key) ?? []), source.name])])
    }
  }
  if (users.size === 0) return
  const lines = [...users].map(([what, sources]) => `source ${sources.join(', ')} needs ${what}`)
  throw new CaudalError({
    code: 'CAUDAL_SECRET_UNSET',
    message: `${lines.join('\n')}\nNothing was read.`,
    hint: 'Set them in the environment or in the file .env of the project, then restart the process that owns the warehouse: secrets are its own.',
    context: { missing: lines },
  })
}

function isThere(kind: 'env' | 'file', name: string, projectPath: string): boolean {
  return kind === 'env' ? (process.env[name] ?? '') !== '' : existsSync(path.resolve(projectPath, name))
}

/** Names that somebody may have set in its place. */
function setNames(): string[] {
  return Object.keys(process.env).filter((name) => process.env[name] !== '')
}
