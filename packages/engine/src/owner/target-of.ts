import { CaudalError, suggestion, type Manifest, type TargetNode } from '@caudal/spec'

/** The target of a name. @throws CaudalError `CAUDAL_TARGET_UNKNOWN`. */
export function targetOf(manifest: Manifest, name: string = manifest.defaultTarget): TargetNode {
  const found = manifest.targets.find((target) => target.name === name)
  if (found !== undefined) return found
  const known = manifest.targets.map((target) => target.name)
  throw new CaudalError({
    code: 'CAUDAL_TARGET_UNKNOWN',
    message: `There is no target \`${name}\`; caudal.config.ts has ${known.join(', ')}.${suggestion(name, known)}`,
    hint: 'Name one of them: --target dev.',
    context: { target: name },
  })
}
