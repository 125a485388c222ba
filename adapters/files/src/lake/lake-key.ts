import { CaudalError } from '@caudal/spec'

/** Folder inside the lake for objects that are not whole yet. */
export const temporaryFolder = '.tmp'

/**
 * Checks a key: segments parted by `/`, none of them empty, `.` or `..`, no backslash, no control character, not below `.tmp`.
 *
 * @throws CaudalError `CAUDAL_LAKE_KEY`.
 */
export function checkKey(key: string): void {
  const segments = key.split('/')
  if (segments.every(isSafeSegment) && segments[0] !== temporaryFolder) return
  throw invalid(key, 'key')
}

/**
 * Checks the prefix of a listing: a key that may stop anywhere.
 *
 * @throws CaudalError `CAUDAL_LAKE_KEY`.
 */
export function checkPrefix(prefix: string): void {
  const segments = prefix.split('/')
  const last = segments.pop() ?? ''
  if (segments.every(isSafeSegment) && (last === '' || isSafeSegment(last))) return
  throw invalid(prefix, 'prefix')
}

function isSafeSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !/[\\\p{Cc}]/u.test(segment)
}

function invalid(key: string, what: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_LAKE_KEY',
    message: `${JSON.stringify(key)} is not a ${what} of the lake. Nothing was read or written.`,
    hint: 'Use segments parted by `/`, without `..`, without a leading `/`, backslash or control character, and not below `.tmp`.',
    context: { key },
  })
}
