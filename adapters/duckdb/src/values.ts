import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  JsonDuckDBValueConverter,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { JsonValue } from '@caudal/spec'

/**
 * A value of a result as JSON: integers of any width and decimals as decimal strings, dates and instants as ISO 8601, bytes as base64,
 * nested values as JSON, NaN and the infinities as strings.
 */
export function toJson(value: DuckDBValue, type: DuckDBType): JsonValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return isInteger(type) || !Number.isFinite(value) ? String(value) : value
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (
    value instanceof DuckDBDecimalValue ||
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBTimeValue
  ) {
    return value.toString()
  }
  if (value instanceof DuckDBTimestampTZValue) return instant(value.micros)
  if (value instanceof DuckDBTimestampValue) return instant(value.micros).replace(/Z$/, '')
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  return JsonDuckDBValueConverter(value, type, JsonDuckDBValueConverter)
}

function isInteger(type: DuckDBType): boolean {
  return integers.has(type.typeId)
}

const integers = new Set<DuckDBTypeId>([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
])

/** ISO 8601 in UTC with the fraction that is there: microseconds only when needed. */
function instant(micros: bigint): string {
  const millis = micros / 1000n - (micros < 0n && micros % 1000n !== 0n ? 1n : 0n)
  if (millis > 8640000000000000n || millis < -8640000000000000n) return micros > 0n ? 'infinity' : '-infinity'
  const rest = Number(micros - millis * 1000n)
  const text = new Date(Number(millis)).toISOString()
  if (rest !== 0) return text.replace('Z', `${String(rest).padStart(3, '0')}Z`)
  return text.replace(/\.000Z$/, 'Z')
}
