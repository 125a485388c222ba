import type { ErrorReport } from '@caudal/spec'
import { errorsEs } from './errors-es/index.ts'
import type { Language } from './settings.ts'
import { fillWording, type ErrorWordings } from './wording.ts'

/** An error as a person reads it. */
export interface ErrorText {
  readonly message: string
  readonly hint?: string
  /** Language of message and hint: English for a code that has no wording in the language asked for. */
  readonly language: Language
}

const wordings: Readonly<Partial<Record<Language, ErrorWordings>>> = { es: errorsEs }

/** The text of an error in a language, by its code, with the values of its context; in English as it was reported. */
export function errorText(report: ErrorReport, language: Language): ErrorText {
  const wording = wordings[language]?.[report.code]
  const message = wording === undefined ? undefined : fillWording(wording.message, report.context)
  if (wording === undefined || message === undefined) {
    const { hint } = report
    return { message: report.message, ...(hint === undefined ? {} : { hint }), language: 'en' }
  }
  const hint = wording.hint === undefined ? undefined : fillWording(wording.hint, report.context)
  return { message, ...(hint === undefined ? {} : { hint }), language }
}
