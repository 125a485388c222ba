import { CaudalError } from './errors.ts'

/**
 * The one rule by which names of fields, streams and sources become names in the warehouse:
 * accents are removed (NFKD), a capital that follows a small letter or digit starts a new word, every run of other characters than
 * letters and digits becomes one `_`, letters become small, `_` at both ends is dropped, a name that starts with a digit gets a leading `_`,
 * and an empty result is `_`. Names are cut to 63 bytes (PostgreSQL's limit). `dealAmount (EUR)` → `deal_amount_eur`.
 */
export function normaliseName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .toLowerCase()
    .replace(/^_+|_+$/g, '')
  const safe = words === '' ? '_' : /^\p{N}/u.test(words) ? `_${words}` : words
  return cutToBytes(safe, 63)
}

/**
 * Normalises the names of a record's fields, in order.
 * @returns normalised name → field
 * @throws CaudalError `CAUDAL_NAME_COLLISION` when two fields get one name; the message shows both.
 */
export function normaliseFields(fields: Iterable<string>, where: string): Map<string, string> {
  const names = new Map<string, string>()
  for (const field of fields) {
    const name = normaliseName(field)
    const other = names.get(name)
    if (other !== undefined && other !== field) {
      throw new CaudalError({
        code: 'CAUDAL_NAME_COLLISION',
        message: `${where}: the fields \`${other}\` and \`${field}\` both become the column \`${name}\`. Nothing was loaded.`,
        hint: `Declare a column for one of them: columns: { ${name}_2: { field: ${JSON.stringify(field)}, … } }.`,
        context: { where, fields: [other, field], column: name },
      })
    }
    names.set(name, field)
  }
  return names
}

function cutToBytes(name: string, bytesMax: number): string {
  const encoder = new TextEncoder()
  let cut = name
  while (encoder.encode(cut).length > bytesMax) cut = cut.slice(0, -1)
  return cut
}
