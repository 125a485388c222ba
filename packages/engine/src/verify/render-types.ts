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
    .flatMap(({ name, columns }) => [`  '${name}': {`, ...columns.map(columnLine), '  }'])
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

function columnLine({ name, type, nullable }: Column): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`
  return `    ${key}: ${typeScriptTypes[type.kind]}${nullable === false ? '' : ' | null'}`
}
