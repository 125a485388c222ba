import { suggestion } from './did-you-mean.ts'
import { CaudalError } from './errors.ts'

/** The settings that an object may have: `true` for a setting of any value, a shape for one that is an object of settings itself. */
export interface SettingsShape {
  readonly [name: string]: true | SettingsShape
}

/** The shape of `Options`, which names every setting of that type and no other: a setting that is added to one only is a type error. */
export type ShapeOf<Options> = { readonly [Name in keyof Options]-?: true | SettingsShape }

/**
 * What to say of every setting of an object that its shape does not have, with what was probably meant.
 * @param where in front of each name, such as `streams.deals.`
 */
export function unknownSettings(given: object, shape: SettingsShape, where = ''): string[] {
  const names = Object.keys(shape)
  return Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    if (!Object.hasOwn(shape, name)) return `${where}${name} is not known.${suggestion(name, names)}`
    const inner = shape[name]
    return typeof inner === 'object' && typeof value === 'object' && value !== null
      ? unknownSettings(value, inner, `${where}${name}.`)
      : []
  })
}

/**
 * Ends a declaration of which something is wrong, with all of it. The compiler says it first, but not to JavaScript and not of a spread.
 * @param call what was called, such as `metric()`
 * @throws CaudalError `CAUDAL_SETTING_UNKNOWN` when there are problems.
 */
export function refuseSettings(call: string, problems: readonly string[]): void {
  const [first] = problems
  if (first === undefined) return
  throw new CaudalError({
    code: 'CAUDAL_SETTING_UNKNOWN',
    message:
      problems.length === 1
        ? `${call}: ${first}`
        : `${call}: ${problems.length} of the settings are not right:\n${problems.map((problem) => `- ${problem}`).join('\n')}`,
    hint: 'Correct or remove what is named; the editor shows the settings that there are.',
    context: { problems: [...problems] },
  })
}
