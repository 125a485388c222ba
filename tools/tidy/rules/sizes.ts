import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const ratchet = readRatchet(workspace.root)
  const stale = Object.keys(ratchet).filter((key) => !measured.has(key))
  return [
    ...[...measured].flatMap(([key, size]) => judge(key, size, ratchet[key])),
    ...stale.map((key) => ({
      file: ratchetFile,
      message: `\`${key}\` is gone: take it out of the ratchet.`,
    })),
  ]
}

interface Size {
  readonly file: string
  readonly line?: number
  readonly what: string
  readonly lines: number
  readonly max: number
}

const fileLinesMax = 400
const functionLinesMax = 70

/** What is longer for now, with its length: by path, or `path#function`. */
const ratchetFile = 'tools/tidy/size-ratchet.json'

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

function judge(
  key: string,
  { file, line, what, lines, max }: Size,
  allowed: number | undefined,
): Violation[] {
  const place = line === undefined ? { file } : { file, line }
  if (allowed === undefined) {
    return lines <= max
      ? []
      : [{ ...place, message: `${what} has ${lines} lines; ${max} are allowed. Split it.` }]
  }
  if (lines > allowed)
    return [{ ...place, message: `${what} grew from ${allowed} to ${lines} lines. Split it.` }]
  if (lines <= max)
    return [{ file: ratchetFile, message: `\`${key}\` is short enough: take it out of the ratchet.` }]
  if (lines < allowed) return [{ file: ratchetFile, message: `\`${key}\` shrank: lower it to ${lines}.` }]
  return []
}

function readRatchet(root: string): Readonly<Record<string, number>> {
  const path = join(root, ratchetFile)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>) : {}
}
