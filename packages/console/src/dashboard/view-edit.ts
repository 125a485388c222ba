import type { Comparison, DateRange, Grain, ViewState } from '@caudal/spec'

/** A chosen value of a dimension. */
export interface Choice {
  readonly dimension: string
  readonly value: string | null
}

/** Chosen values in the order in which chips show them. */
export function choicesOf(view: ViewState): readonly Choice[] {
  return Object.keys(view.filters).flatMap((dimension) =>
    (view.filters[dimension] ?? []).map((value) => ({ dimension, value })),
  )
}

/** Whether the value is among those chosen. */
export function isChosen(view: ViewState, choice: Choice): boolean {
  return view.filters[choice.dimension]?.includes(choice.value) ?? false
}

/** Adds the value to its filter, or takes it out. */
export function toggleChoice(view: ViewState, choice: Choice): ViewState {
  const chosen = view.filters[choice.dimension] ?? []
  const next = isChosen(view, choice)
    ? chosen.filter((value) => value !== choice.value)
    : [...chosen, choice.value]
  return withChoices(view, choice.dimension, next)
}

/** The view with these values of a dimension; none: all. */
export function withChoices(
  view: ViewState,
  dimension: string,
  values: readonly (string | null)[],
): ViewState {
  const { [dimension]: _former, ...others } = view.filters
  return { ...view, filters: values.length === 0 ? others : { ...others, [dimension]: values } }
}

/** The view without filters. */
export function withoutChoices(view: ViewState): ViewState {
  return { ...view, filters: {} }
}

/** The view over another range. */
export function withRange(view: ViewState, range: DateRange): ViewState {
  return { ...view, range }
}

/** The view compared otherwise. */
export function withComparison(view: ViewState, comparison: Comparison): ViewState {
  return { ...view, comparison }
}

/** The view in another grain; `undefined`: chosen from the range. */
export function withGrain(view: ViewState, grain: Grain | undefined): ViewState {
  const { grain: _former, ...others } = view
  return grain === undefined ? others : { ...others, grain }
}
