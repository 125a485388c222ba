import { drawn } from './series-shape.ts'

interface StepValue {
  readonly value: string | null
}

/** The share of a step in another; none where the other is absent or zero. */
export function shareOf(steps: readonly StepValue[], of: number, inStep: number): number | undefined {
  const part = drawn(steps[of]?.value)
  const whole = drawn(steps[inStep]?.value)
  return part === undefined || whole === undefined || whole === 0 ? undefined : part / whole
}

/** The width of each step's bar, 0 to 1: of the largest step. */
export function funnelWidths(steps: readonly StepValue[]): readonly number[] {
  const values = steps.map((step) => Math.max(0, drawn(step.value) ?? 0))
  const largest = Math.max(...values, 0)
  return values.map((value) => (largest === 0 ? 0 : value / largest))
}
