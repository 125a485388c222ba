import { readFileSync } from 'node:fs'

/** This release of Caudal. */
export const release: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
