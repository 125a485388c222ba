import { suggestion, type CheckRule, type Severity } from '@caudal/spec'
import { z } from 'zod'
import type { SettingsPath } from './yaml-settings.ts'

/** A check as settings declare it, before it is a node. */
export interface DeclaredCheck {
  readonly rule: CheckRule
  readonly severity: Severity
  readonly name?: string
  readonly path: SettingsPath
}

const scalar = z.union([z.string(), z.number(), z.boolean()])
const bound = z.union([z.string(), z.number()])
const columnName = z.string().min(1)

/** Rule word → its value and the rule that it makes. `column` is the column under which it stands, if it does. */
const rules: Readonly<
  Record<
    string,
    {
      readonly value: z.ZodType
      readonly make: (value: never, column: string) => CheckRule
      readonly needs: 'column' | 'table' | 'either'
    }
  >
> = {
  'not null': {
    needs: 'column',
    value: z.literal(true, { error: 'takes no value: write `- not null`' }),
    make: (_value: true, column) => ({ kind: 'not null', column }),
  },
  unique: {
    needs: 'either',
    value: z.union([z.literal(true), z.array(columnName).min(1)], {
      error: 'takes a list of columns, or no value below a column',
    }),
    make: (value: true | string[], column) => ({
      kind: 'unique',
      columns: value === true ? [column] : value,
    }),
  },
  'accepted values': {
    needs: 'column',
    value: z.array(scalar, { error: 'takes a list of values' }).min(1),
    make: (values: (string | number | boolean)[], column) => ({ kind: 'accepted values', column, values }),
  },
  relation: {
    needs: 'column',
    value: z
      .string()
      .regex(/^[^.]+\.[^.]+\.[^.]+$/, { error: 'takes the other column: `schema.table.column`' }),
    make: (value: string, column) => {
      const [schema, table, toColumn = ''] = value.split('.')
      return { kind: 'relation', column, to: `${schema}.${table}`, toColumn }
    },
  },
  range: {
    needs: 'column',
    value: z
      .strictObject(
        { min: bound.optional(), max: bound.optional() },
        { error: 'takes { min, max }, or one of them' },
      )
      .refine((value) => value.min !== undefined || value.max !== undefined, {
        error: 'takes { min, max }, or one of them',
      }),
    make: ({ min, max }: { min?: string | number; max?: string | number }, column) => ({
      kind: 'range',
      column,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    }),
  },
  freshness: {
    needs: 'column',
    value: z.number({ error: 'takes the largest age in minutes' }).positive(),
    make: (maxMinutes: number, column) => ({ kind: 'freshness', column, maxMinutes }),
  },
  expression: {
    needs: 'either',
    value: z.string({ error: 'takes a boolean SQL expression' }).min(1),
    make: (sql: string) => ({ kind: 'expression', sql }),
  },
  'row count change': {
    needs: 'table',
    value: z.number({ error: 'takes a share from 0 to 1' }).min(0),
    make: (shareMax: number) => ({ kind: 'row count change', shareMax }),
  },
  sql: {
    needs: 'table',
    value: z.string({ error: 'takes a query that returns the failing rows' }).min(1),
    make: (sql: string) => ({ kind: 'sql', sql }),
  },
}

const options = z.object({
  severity: z.enum(['error', 'warn']).optional(),
  name: z.string().min(1).optional(),
})

/** A list of checks: rule words, or objects of one rule with `severity` and `name`. */
export function checkList(column?: string): z.ZodType<readonly DeclaredCheck[]> {
  return z.array(z.unknown()).transform((entries, context) =>
    entries.flatMap((entry, index) => {
      const read = readCheck(entry, [index], column)
      if (typeof read !== 'string') return [read]
      context.addIssue({ code: 'custom', message: read, path: [index], input: entry })
      return []
    }),
  )
}

/** The check, or what is wrong with it. */
function readCheck(entry: unknown, path: SettingsPath, column: string | undefined): DeclaredCheck | string {
  const record = typeof entry === 'string' ? { [entry]: true } : entry
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return 'A check is a word (`not null`) or one rule with its value (`range: { min: 0 }`).'
  }
  const { severity, name, ...rest } = record as Record<string, unknown>
  const words = Object.keys(rest)
  const [word = ''] = words
  const rule = Object.hasOwn(rules, word) ? rules[word] : undefined
  if (words.length !== 1) return `A check has one rule; this one has ${words.length}: ${words.join(', ')}.`
  if (rule === undefined)
    return `Unknown check \`${word}\`.${suggestion(word, Object.keys(rules))} Known: ${Object.keys(rules).join(', ')}.`
  const isOfTable = column === undefined
  if (rule.needs === 'column' && isOfTable)
    return `\`${word}\` belongs below a column: columns: { amount: { checks: [${word}] } }.`
  if (rule.needs === 'table' && !isOfTable)
    return `\`${word}\` belongs to the table: put it under the header's own checks.`
  const value = rule.value.safeParse(rest[word])
  if (!value.success) return `\`${word}\` ${value.error.issues[0]?.message ?? 'has a wrong value'}.`
  if (word === 'unique' && (value.data === true) === isOfTable) {
    return isOfTable
      ? '`unique` of a table names its columns: unique: [id].'
      : '`unique` below a column takes no columns.'
  }
  const settings = options.safeParse({ severity, name })
  if (!settings.success) return 'severity is error or warn, name is a text.'
  return {
    rule: rule.make(value.data as never, column ?? ''),
    severity: settings.data.severity ?? 'error',
    ...(settings.data.name === undefined ? {} : { name: settings.data.name }),
    path,
  }
}
