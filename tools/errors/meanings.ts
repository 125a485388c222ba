import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The page of meanings, relative to the root. */
export const meaningsFile = 'tools/errors/meanings.json'

/**
 * What an error code means, by code, for those whose place in the code does not say it in one piece: a sentence that
 * begins with a capital and ends with a full stop. Other codes are documented by their own messages.
 */
export function readMeanings(root: string): Readonly<Record<string, string>> {
  const path = join(root, meaningsFile)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {}
}
