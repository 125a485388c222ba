import { refuseSettings, unknownSettings, type ValueFormat } from '@caudal/spec'

/** Money. @param code ISO 4217 */
export function currency(code: string, options: { readonly decimals?: number } = {}): ValueFormat {
  refuseSettings('currency()', unknownSettings(options, { decimals: true }))
  return { kind: 'currency', currency: code, ...options }
}

/** A share: 0.25 is shown as 25 %. */
export function percent(options: { readonly decimals?: number } = {}): ValueFormat {
  refuseSettings('percent()', unknownSettings(options, { decimals: true }))
  return { kind: 'percent', ...options }
}

/** A plain number, with a unit if there is one. */
export function number(options: { readonly decimals?: number; readonly unit?: string } = {}): ValueFormat {
  refuseSettings('number()', unknownSettings(options, { decimals: true, unit: true }))
  return { kind: 'number', ...options }
}

/** Seconds, shown as hours and minutes. */
export function duration(): ValueFormat {
  return { kind: 'duration' }
}
