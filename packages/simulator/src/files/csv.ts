/** A value of a CSV field. */
type Field = string | number | boolean | null

/** RFC 4180 with LF and a header: null is an empty field, the empty string is `""`. */
export function* csvLines(rows: Iterable<object>): Generator<string, void, undefined> {
  let hasHeader = false
  for (const row of rows) {
    if (!hasHeader) yield `${Object.keys(row).join(',')}\n`
    hasHeader = true
    yield `${(Object.values(row) as Field[]).map(field).join(',')}\n`
  }
}

function field(value: Field): string {
  if (value === null) return ''
  const text = String(value)
  return text === '' || /[",\r\n]/.test(text) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text
}
