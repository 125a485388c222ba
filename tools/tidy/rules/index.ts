import type { Rule } from '../workspace.ts'
import { cycles } from './cycles.ts'
import { doors } from './doors.ts'
import { edges } from './edges.ts'
import { errorCodes } from './error-codes.ts'
import { namedExports } from './exports.ts'
import { fileNames } from './names.ts'
import { readmes } from './readmes.ts'
import { references } from './references.ts'
import { sizes } from './sizes.ts'
import { vocabulary } from './vocabulary.ts'

/** The tidy rules by name. */
export const rules: Readonly<Record<string, Rule>> = {
  edges,
  cycles,
  doors,
  namedExports,
  vocabulary,
  sizes,
  fileNames,
  readmes,
  references,
  errorCodes,
}
