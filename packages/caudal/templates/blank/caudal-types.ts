// Made by `caudal typegen` from schemas/ and models/. Commit it; do not edit it.
import { authoring } from 'caudal'

/** The columns of every table and model. Decimals and integers are text: every digit is kept. */
export interface Tables {
}

/** The functions that name tables and columns, narrowed to those above. */
export const { metric, dashboard, tile, check, modelTest } = authoring<Tables>()
