import { typeScriptTypes, type Column } from '@caudal/spec'
import type { TableColumns } from './empty-tables.ts'

/** Types that are more than a TypeScript primitive: the file imports those it uses. */
const imported = ['Decimal', 'Instant', 'Integer', 'JsonValue', 'LocalDate', 'LocalTime', 'Timestamp']

/**
 * The text of a project's `caudal-types.ts`: the columns of every table and model, and the authoring functions narrowed to them. The same
 * project always gives the same text.
 * @param module where a project imports Caudal from
 */
export function renderTypes(tables: readonly TableColumns[], module = 'caudal'): string {
  const body = tables
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, description, columns }) => [
      ...comment(description, '  '),
      `  '${name}': {`,
      ...columns.flatMap((column) => [...comment(column.description, '    '), columnLine(column)]),
      '  }',
    ])
  const used = imported.filter((type) => body.some((line) => new RegExp(`: ${type}\\b`).test(line)))
  return [
    '// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.',
    `import { authoring${used.map((type) => `, type ${type}`).join('')} } from '${module}'`,
    '',
    '/** The columns of every table and model. Decimals and integers are text: every digit is kept. */',
    'export interface Tables {',
    ...body,
    '}',
    '',
    '/** The functions that name tables and columns, narrowed to those above. */',
    'export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()',
    '',
  ].join('\n')
}

/**
 * Where a file has something else than would be generated; `undefined` when it has not. Layout does not count: a formatter may have been over it.
 */
export function typesDifference(
  found: string,
  generated: string,
):
  | { readonly line: number; readonly has: string | undefined; readonly gives: string | undefined }
  | undefined {
  const [has, gives] = [linesOf(found), linesOf(generated)]
  if (bare(found) === bare(generated)) return undefined
  const differs = gives.findIndex(({ text }, index) => bare(text) !== bare(has[index]?.text ?? ''))
  const at = differs === -1 ? gives.length : differs
  return { line: has[at]?.line ?? found.split('\n').length, has: has[at]?.text, gives: gives[at]?.text }
}

function linesOf(text: string): readonly { readonly line: number; readonly text: string }[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '')
}

function bare(text: string): string {
  return text.replaceAll('"', "'").replaceAll(/[\s;,]/g, '')
}

function comment(text: string | undefined, indent: string): readonly string[] {
  const line = (text ?? '').replaceAll(/\s+/g, ' ').replaceAll('*/', '* /').trim()
  return line === '' ? [] : [`${indent}/** ${line} */`]
}

function columnLine({ name, type, nullable }: Column): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`
  return `    ${key}: ${typeScriptTypes[type.kind]}${nullable === false ? '' : ' | null'}`
}
