import type { ErrorWordings } from '../wording.ts'
import { consoleErrorsEs } from './console.ts'
import { fileErrorsEs } from './files.ts'
import { httpErrorsEs } from './http.ts'
import { loadErrorsEs } from './loads.ts'
import { modelErrorsEs } from './models.ts'
import { projectErrorsEs } from './project.ts'
import { storeErrorsEs } from './stores.ts'
import { streamErrorsEs } from './streams.ts'

/** What the error codes that the console can meet say in Spanish. */
export const errorsEs: ErrorWordings = {
  ...consoleErrorsEs,
  ...projectErrorsEs,
  ...fileErrorsEs,
  ...httpErrorsEs,
  ...loadErrorsEs,
  ...storeErrorsEs,
  ...modelErrorsEs,
  ...streamErrorsEs,
}
