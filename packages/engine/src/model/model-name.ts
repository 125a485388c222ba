import { normaliseName, type ErrorReport } from '@caudal/spec'
import { problemAt } from './problem.ts'

const reservedSchemas = new Set(['information_schema', 'pg_catalog', 'main', 'public', 'temp', 'system'])

/**
 * The model that a file holds. The first folder below `models/` is the schema; deeper folders and the file make the name, joined by `_`:
 * `models/marts/sdr_revenue.sql` → `marts.sdr_revenue`, `models/staging/crm/deals.sql` → `staging.crm_deals`.
 * @returns the name, or what is wrong with it
 */
export function modelNameOf(path: string): string | ErrorReport {
  const parts = path
    .replace(/^models\//, '')
    .replace(/(\.test\.ya?ml|\.sql)$/, '')
    .split('/')
  const problem = (message: string, hint: string): ErrorReport =>
    problemAt({ file: path, firstLine: 1 }, undefined, { code: 'CAUDAL_MODEL_NAME', message, hint })
  const [schema = '', ...rest] = parts
  if (rest.length === 0) {
    return problem(
      'The file stands in no folder, and the folder is the schema.',
      `Move it to models/marts/${schema}.sql.`,
    )
  }
  const odd = parts.find((part) => normaliseName(part) !== part)
  if (odd !== undefined) {
    return problem(
      `\`${odd}\` is not a name that every warehouse knows: small letters, digits and _.`,
      `Rename it to ${normaliseName(odd)}.`,
    )
  }
  if (schema.startsWith('_caudal') || reservedSchemas.has(schema)) {
    return problem(
      `The schema \`${schema}\` is reserved.`,
      'Move the file to another folder, for instance models/marts/.',
    )
  }
  return `${schema}.${rest.join('_')}`
}
