import { suggestion, type ErrorReport } from '@caudal/spec'
import type { TextPlace } from '@caudal/sql'
import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import { z } from 'zod'
import { problemAt, type TextOrigin } from './problem.ts'

/** A path into settings, as zod and yaml write it. */
export type SettingsPath = readonly PropertyKey[]

/** What YAML settings say, and what is wrong with them. */
export interface ReadSettings<Value> {
  /** Absent when something is wrong. */
  readonly value?: Value
  readonly problems: readonly ErrorReport[]
  /** The place of a setting's value within the text, or of its key. */
  place(path: SettingsPath, of?: 'key'): TextPlace | undefined
}

/** An object whose unknown keys are errors with the nearest known one. */
export function strictSettings<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, Object.keys(shape)) : undefined,
  })
}

/**
 * Reads YAML settings and checks them, each problem with its file and line.
 * @param keepsDigits numbers that JavaScript would change (`10.10`, 2^60) become texts
 */
export function readSettings<Value>(
  text: string,
  schema: z.ZodType<Value>,
  origin: TextOrigin,
  code: string,
  keepsDigits = false,
): ReadSettings<Value> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeOfOffset = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const place = (path: SettingsPath, of?: 'key'): TextPlace | undefined => {
    const offset = offsetOf(document, path, of === 'key')
    return offset === undefined ? undefined : placeOfOffset(offset)
  }
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) =>
      problemAt(origin, placeOfOffset(error.pos[0]), {
        code,
        message: `The YAML does not parse: ${error.message}.`,
        hint: 'Indent with spaces, and quote texts that hold `: ` or begin with a special character.',
      }),
    )
    return { problems, place }
  }
  if (keepsDigits) keepDigits(document)
  const result = schema.safeParse(document.toJS() ?? {})
  if (result.success) return { value: result.data, problems: [], place }
  return {
    problems: result.error.issues.map((issue) => issueProblem(issue, document, placeOfOffset, origin, code)),
    place,
  }
}

function issueProblem(
  issue: z.core.$ZodIssue,
  document: Document,
  placeOfOffset: (offset: number) => TextPlace,
  origin: TextOrigin,
  code: string,
): ErrorReport {
  const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const offset = offsetOf(document, key === undefined ? issue.path : [...issue.path, key], key !== undefined)
  const setting = issue.path.length === 0 ? '' : `\`${issue.path.join('.')}\`: `
  return problemAt(origin, offset === undefined ? undefined : placeOfOffset(offset), {
    code,
    message: `${setting}${issue.message.replace(/\.?$/, '.')}`,
  })
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const told = keys.map((key) => `Unknown setting \`${key}\`.${suggestion(key, known)}`)
  return `${told.join(' ')} Known: ${known.join(', ')}.`
}

/** Offset of the value at a path (of its key where asked), or of the nearest thing above it that stands in the text. */
function offsetOf(document: Document, path: SettingsPath, ofKey = false): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last)
    const node = ofKey || !isNode(pair?.value) ? pair?.key : pair.value
    if (isNode(node) && node.range) return node.range[0]
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (isNode(node) && node.range) return node.range[0]
  return path.length === 0 ? undefined : offsetOf(document, path.slice(0, -1))
}

function keepDigits(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'number' && node.source !== undefined && String(node.value) !== node.source) {
        node.value = node.source
      }
    },
  })
}
