import type { Aggregate, MetricNode } from '@caudal/spec'
import { divide, formatExact, multiply, parseExact, type Exact } from './exact.ts'
import { call, column, integer, type Expression } from './sql-tree.ts'

/** An aggregate that a warehouse computes: an average is a sum and a count. */
export interface PartAggregate extends Omit<Aggregate, 'function'> {
  readonly function: Exclude<Aggregate['function'], 'average'>
}

/** A metric's value as the product of parts over the product of parts: what warehouses aggregate and JavaScript divides, exactly. */
export interface Measure {
  readonly numerators: readonly PartAggregate[]
  readonly denominators: readonly PartAggregate[]
  /** Of no rows: `0` for counts and sums, no value for the others. */
  readonly empty: '0' | null
}

/** The parts of a metric's value. */
export function measureOf(value: MetricNode['value']): Measure {
  if (value.kind === 'ratio') {
    const numerator = partsOf(value.numerator)
    const denominator = partsOf(value.denominator)
    return {
      numerators: [...numerator.numerators, ...denominator.denominators],
      denominators: [...numerator.denominators, ...denominator.numerators],
      empty: null,
    }
  }
  const isZero = value.function === 'count' || value.function === 'count distinct' || value.function === 'sum'
  return { ...partsOf(value), empty: isZero ? '0' : null }
}

function partsOf(aggregate: Aggregate): Pick<Measure, 'numerators' | 'denominators'> {
  const { function: name, ...rest } = aggregate
  if (name !== 'average') return { numerators: [{ ...rest, function: name }], denominators: [] }
  return {
    numerators: [{ ...rest, function: 'sum' }],
    denominators: [{ ...rest, function: 'count' }],
  }
}

/**
 * The value of a measure.
 * @param part the text that the warehouse wrote for a part; `null` for no value
 * @returns a decimal string; `null` when a part has no value or a denominator is zero
 */
export function evaluate(measure: Measure, part: (aggregate: PartAggregate) => string | null): string | null {
  const numerator = product(measure.numerators.map(part))
  if (numerator === undefined) return measure.empty
  if (measure.denominators.length === 0) return formatExact(numerator)
  const denominator = product(measure.denominators.map(part))
  const quotient = denominator === undefined ? undefined : divide(numerator, denominator)
  return quotient === undefined ? null : formatExact(quotient)
}

function product(texts: readonly (string | null)[]): Exact | undefined {
  let result: Exact = { units: 1n, scale: 0 }
  for (const text of texts) {
    const factor = text === null ? undefined : parseExact(text)
    if (factor === undefined) return undefined
    result = multiply(result, factor)
  }
  return result
}

/** A part over rows whose columns are `value` and whose condition is `where`. A sum of nothing is 0. */
export function partExpression(
  part: PartAggregate,
  value: string | undefined,
  where: string | undefined,
  of: string,
): Expression {
  const aggregate: Expression = {
    kind: 'aggregate',
    function: part.function === 'count distinct' ? 'count' : part.function,
    ...(value === undefined ? {} : { value: column(value, of) }),
    ...(part.function === 'count distinct' ? { isDistinct: true } : {}),
    ...(where === undefined ? {} : { where: column(where, of) }),
  }
  return part.function === 'sum' ? call('coalesce', aggregate, integer(0)) : aggregate
}
