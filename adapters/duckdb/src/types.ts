import type { ColumnType } from '@caudal/spec'

const text: ColumnType = { kind: 'text' }

/** The narrowest type that holds every value of both; `text` holds everything. Never a double for a decimal: digits would be lost. */
export function widest(a: ColumnType, b: ColumnType): ColumnType {
  if (a.kind === 'decimal' && b.kind === 'decimal') return decimalOf(a, b)
  if (a.kind === b.kind) return a
  if (a.kind === 'decimal' && b.kind === 'integer') return decimalOf(a, int64)
  if (a.kind === 'integer' && b.kind === 'decimal') return decimalOf(int64, b)
  const pair = [a.kind, b.kind].toSorted().join('+')
  if (pair === 'date+timestamp') return { kind: 'timestamp' }
  if (pair === 'date+timestamptz' || pair === 'timestamp+timestamptz') return { kind: 'timestamptz' }
  if (pair === 'double+integer') return { kind: 'double' }
  return text
}

/** Types to try, narrowest first, for a sampled column in which a value of `type` did not fit. */
export function wider(type: ColumnType, scaleSeen: number): readonly ColumnType[] {
  switch (type.kind) {
    case 'integer':
    case 'decimal': {
      const scale = Math.max(scaleSeen, type.kind === 'decimal' ? type.scale : 0)
      return scale <= 20 ? [{ kind: 'decimal', precision: 38, scale }, text] : [text]
    }
    case 'date':
      return [{ kind: 'timestamp' }, { kind: 'timestamptz' }, text]
    case 'timestamp':
      return [{ kind: 'timestamptz' }, text]
    default:
      return [text]
  }
}

interface Decimal {
  readonly kind: 'decimal'
  readonly precision: number
  readonly scale: number
}

const int64: Decimal = { kind: 'decimal', precision: 19, scale: 0 }

function decimalOf(a: Decimal, b: Decimal): ColumnType {
  const scale = Math.max(a.scale, b.scale)
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale)
  return whole + scale > 38 ? text : { kind: 'decimal', precision: whole + scale, scale }
}
