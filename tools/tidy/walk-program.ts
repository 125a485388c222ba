import {
  Visitor,
  type ArrowFunctionExpression,
  type Expression,
  type Function,
  type Program,
} from 'oxc-parser'
import type { ImportRecord } from './source-file.ts'
import { sentence, type Constants } from './sentence.ts'

/** A function with the number of its own lines: those of the functions inside it belong to them. */
export interface FunctionRecord {
  readonly name: string
  readonly line: number
  readonly lines: number
}

/** An error code in the text, and what the object literal around it says, where there is one. */
export interface CodeRecord {
  readonly code: string
  readonly line: number
  readonly message?: string | undefined
  readonly hint?: string | undefined
  readonly retryable?: string | undefined
  /** Names of the values in its `context`; `undefined` where the object literal does not say them all. */
  readonly values?: readonly string[] | undefined
}

interface Walked {
  readonly imports: ImportRecord[]
  readonly functions: FunctionRecord[]
  readonly codes: CodeRecord[]
}

type AnyFunction = Function | ArrowFunctionExpression

const codePattern = /^CAUDAL(_[A-Z0-9]+)+$/

/** Collects what only the syntax tree shows: functions, computed and type imports, error codes. */
export function walkProgram(program: Program, text: string, lineOf: (offset: number) => number): Walked {
  const imports: ImportRecord[] = []
  const codes: CodeRecord[] = []
  const names = new Map<number, string>()
  const constants: Constants = new Map()
  const meter = functionMeter(names, lineOf)
  const source = (start: number, end: number): string => text.slice(start, end)
  new Visitor({
    ...meter.visitor,
    VariableDeclarator: (node) => {
      if (!node.init || node.id.type !== 'Identifier') return
      names.set(node.init.start, node.id.name)
      constants.set(node.id.name, node.init)
    },
    MethodDefinition: (node) => void names.set(node.value.start, source(node.key.start, node.key.end)),
    Property: (node) => void names.set(node.value.start, source(node.key.start, node.key.end)),
    ImportExpression: (node) => {
      if (node.source.type !== 'Literal' || typeof node.source.value !== 'string') return
      imports.push({ specifier: node.source.value, line: lineOf(node.start), typeOnly: false })
    },
    TSImportType: (node) => {
      imports.push({ specifier: node.source.value, line: lineOf(node.start), typeOnly: true })
    },
    ObjectExpression: (node) => {
      const found = new Map<string, Expression>()
      for (const property of node.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
        found.set(property.key.name, property.value)
      }
      const say = (name: string): string | undefined => sentence(found.get(name), constants, text)
      const code = say('code')
      if (code === undefined || !codePattern.test(code)) return
      codes.push({
        code,
        line: lineOf(node.start),
        message: say('message'),
        hint: say('hint'),
        retryable: say('retryable'),
        values: namesIn(found.get('context')),
      })
    },
    Literal: (node) => {
      if (typeof node.value !== 'string' || !codePattern.test(node.value)) return
      codes.push({ code: node.value, line: lineOf(node.start) })
    },
  }).visit(program)
  return { imports, functions: meter.functions, codes }
}

/** Names that an object literal surely has: what it spreads is left out. `undefined`: it is made elsewhere. */
function namesIn(value: Expression | undefined): readonly string[] | undefined {
  if (value === undefined) return []
  if (value.type !== 'ObjectExpression') return undefined
  return value.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? [property.key.name] : [],
  )
}

function functionMeter(names: Map<number, string>, lineOf: (offset: number) => number) {
  const functions: FunctionRecord[] = []
  const open: { node: AnyFunction; inner: number }[] = []
  const enter = (node: AnyFunction): void => void open.push({ node, inner: 0 })
  const leave = (): void => {
    const closed = open.pop()
    if (closed === undefined) return
    const { node, inner } = closed
    const total = lineOf(node.end) - lineOf(node.start) + 1
    const ownName = 'id' in node ? node.id?.name : undefined
    const name = ownName ?? names.get(node.start) ?? 'a function'
    functions.push({ name, line: lineOf(node.start), lines: total - inner })
    const outer = open.at(-1)
    if (outer !== undefined) outer.inner += Math.max(total - 2, 0)
  }
  const visitor = {
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    'FunctionDeclaration:exit': leave,
    'FunctionExpression:exit': leave,
    'ArrowFunctionExpression:exit': leave,
  }
  return { visitor, functions }
}
