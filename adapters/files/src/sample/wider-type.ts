import { isSameType, type ColumnType } from '@caudal/spec'

/**
 * A type for the sampled values of both; `text` holds everything. Never a double for a decimal. Sampled decimals have 18 or 38 digits: where
 * a value has more, the warehouse widens the column.
 */
export function widerType(a: ColumnType, b: ColumnType): ColumnType {
  if (isSameType(a, b)) return a
  const scale = Math.max(scaleOf(a) ?? NaN, scaleOf(b) ?? NaN)
  if (!Number.isNaN(scale)) {
    const isLong = [a, b].some((type) => type.kind === 'decimal' && type.precision > 18) || scale > 16
    return { kind: 'decimal', precision: isLong ? 38 : 18, scale }
  }
  const pair = [a.kind, b.kind].toSorted().join(' ')
  return pair === 'date timestamp' ? { kind: 'timestamp' } : { kind: 'text' }
}

function scaleOf(type: ColumnType): number | undefined {
  if (type.kind === 'integer') return 0
  return type.kind === 'decimal' ? type.scale : undefined
}
