import type { BadFile } from './bad-file.ts'
import { delimitedFiles } from './delimited.ts'
import { otherFiles } from './other-kinds.ts'

/** Every kind of bad file that is promised to be told, and near kinds that must not be. */
export const badFiles: readonly BadFile[] = [...delimitedFiles, ...otherFiles]
