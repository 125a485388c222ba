import { fileLinesMax, functionLinesMax, sizeRatchet } from '../size-ratchet.ts'
import type { Rule, Violation } from '../workspace.ts'
import type { SourceFile } from '../source-file.ts'

/**
 * Files and functions stay short. What the ratchet lets be longer may shrink, never grow, and leaves the ratchet once
 * it is short enough. A function is measured without the functions inside it. Tests are lists: only their files are
 * measured.
 */
export const sizes: Rule = (workspace) => {
  const measured = new Map(
    [...workspace.packages.flatMap((owner) => owner.files), ...workspace.outside].flatMap(measure),
  )
  const stale = Object.keys(sizeRatchet).filter((key) => !measured.has(key))
  return [
    ...[...measured].flatMap(([key, size]) => judge(key, size)),
    ...stale.map((key) => ({ file: ratchetFile, message: `\`${key}\` is gone: take it out of the ratchet.` })),
  ]
}

interface Size {
  readonly file: string
  readonly line?: number
  readonly what: string
  readonly lines: number
  readonly max: number
}

const ratchetFile = 'tools/tidy/size-ratchet.ts'

function measure(file: SourceFile): [string, Size][] {
  const whole: Size = { file: file.path, what: 'The file', lines: file.lines, max: fileLinesMax }
  const functions = new Map<string, Size>()
  for (const { name, line, lines } of isTest(file) ? [] : file.functions) {
    const key = `${file.path}#${name}`
    if ((functions.get(key)?.lines ?? 0) >= lines) continue
    functions.set(key, { file: file.path, line, what: `\`${name}\``, lines, max: functionLinesMax })
  }
  return [[file.path, whole], ...functions]
}

function isTest(file: SourceFile): boolean {
  return /(^|\/)test\//.test(file.path)
}

function judge(key: string, { file, line, what, lines, max }: Size): Violation[] {
  const allowed = sizeRatchet[key]
  const place = line === undefined ? { file } : { file, line }
  if (allowed === undefined) {
    return lines <= max ? [] : [{ ...place, message: `${what} has ${lines} lines; ${max} are allowed. Split it.` }]
  }
  if (lines > allowed) return [{ ...place, message: `${what} grew from ${allowed} to ${lines} lines. Split it.` }]
  if (lines <= max) return [{ file: ratchetFile, message: `\`${key}\` is short enough: take it out of the ratchet.` }]
  if (lines < allowed) return [{ file: ratchetFile, message: `\`${key}\` shrank: lower it to ${lines}.` }]
  return []
}
