import type { Manifest } from '@caudal/spec'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Where a module writes a name. */
export interface NamePlace {
  /** `metrics/sales.ts:12:15`; without a column when the name is not found. */
  readonly where: string
  readonly file: string
  readonly line: number
  readonly column?: number
}

/**
 * Where a name is written: in quotes or as a key, behind the declaration if it can be found there, else before it (a shared part), else the
 * declaration itself.
 * @param place file and line of the declaration
 */
export function placeOfName(
  { path: projectPath }: Pick<Manifest, 'path'>,
  place: string,
  name: string,
): NamePlace {
  const [, file = place, first = '1'] = /^(.*):(\d+)$/.exec(place) ?? []
  const lines = textOf(path.join(projectPath, file)).split('\n')
  const text = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const written = new RegExp(`(?<=['"\`])${text}(?=['"\`])|(?<![\\w'"\`.])${text}(?=\\s*:)`)
  const behind = lines.findIndex((line, index) => index >= Number(first) - 1 && written.test(line))
  const at = behind === -1 ? lines.findIndex((line) => written.test(line)) : behind
  if (at === -1) return { where: place, file, line: Number(first) }
  const column = (written.exec(lines[at] ?? '')?.index ?? 0) + 1
  return { where: `${file}:${at + 1}:${column}`, file, line: at + 1, column }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
