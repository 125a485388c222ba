import { CaudalError, isSecretReference, suggestion, type Setting, type SourceContext } from '@caudal/spec'
import { glob, readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** A file that a stream names. */
export interface FoundFile {
  /** What messages, positions and lineage call it: the path in the project, else the absolute path; an address without its secrets. */
  readonly name: string
  /** Absolute path, or `undefined` for an address. */
  readonly path: string | undefined
  readonly url: string | undefined
}

/**
 * The files of a stream in the order in which they are read: paths in the order given, the matches of a pattern by name.
 * @throws CaudalError `CAUDAL_FILE_NOT_FOUND` when a path that is no pattern does not exist, `CAUDAL_FILE_UNREADABLE`.
 */
export async function findFiles(
  settings: readonly Setting[],
  context: SourceContext,
  stream: string,
): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>()
  for (const setting of settings) {
    const text = context.resolve(setting)
    const files = /^https?:\/\//i.test(text)
      ? [address(text, isSecretReference(setting))]
      : await localFiles(text, context.projectPath, `${context.source}.${stream}`)
    for (const file of files) if (!found.has(file.name)) found.set(file.name, file)
  }
  return [...found.values()]
}

function address(url: string, isSecret: boolean): FoundFile {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  if (isSecret) shown.search = ''
  return { name: shown.href, path: undefined, url }
}

async function localFiles(pattern: string, projectPath: string, where: string): Promise<FoundFile[]> {
  const whole = path.resolve(projectPath, pattern)
  const facts = await stat(whole).catch(() => undefined)
  if (facts?.isFile() === true) return [local(whole, projectPath)]
  if (facts?.isDirectory() === true) throw isFolder(pattern, where)
  if (!/[*?[{]/.test(pattern)) throw await missing(pattern, whole, where)
  const paths: string[] = []
  for await (const entry of glob(pattern, { cwd: projectPath, withFileTypes: true })) {
    if (entry.isFile() || entry.isSymbolicLink()) paths.push(path.join(entry.parentPath, entry.name))
  }
  return paths.toSorted().map((one) => local(one, projectPath))
}

function local(whole: string, projectPath: string): FoundFile {
  const inside = path.relative(projectPath, whole)
  const name = inside.startsWith('..') || path.isAbsolute(inside) ? whole : inside.split(path.sep).join('/')
  return { name, path: whole, url: undefined }
}

function isFolder(pattern: string, where: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_FILE_NOT_FOUND',
    message: `${where}: ${pattern} is a folder. Nothing was read.`,
    hint: `Name the files in it: path: '${pattern.replace(/\/$/, '')}/*.csv'.`,
    context: { path: pattern },
  })
}

async function missing(pattern: string, whole: string, where: string): Promise<CaudalError> {
  const siblings = await readdir(path.dirname(whole)).catch(() => [])
  return new CaudalError({
    code: 'CAUDAL_FILE_NOT_FOUND',
    message: `${where}: there is no file ${pattern} (${whole}). Nothing was read; what was loaded before is unchanged.${suggestion(path.basename(whole), siblings)}`,
    hint: 'Check `path` of the stream: it is relative to the project.',
    context: { path: pattern },
  })
}
