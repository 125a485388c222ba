import { CaudalError } from '@caudal/spec'

/** What a project's `read` threw, with the stream, and the place in the project where it was thrown. */
export function readFailure(thrown: unknown, source: string, stream: string): CaudalError {
  if (CaudalError.isInstance(thrown)) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  const place = placeOf(error)
  return new CaudalError({
    code: 'CAUDAL_SOURCE_READ',
    message: `${source}.${stream}: \`read\` threw "${error.message}"${cause}. What it had yielded up to its last position stays; the next read goes on from there.`,
    hint: place === undefined ? 'Correct the code of the source, or what it reads.' : `See ${place}.`,
    retryable: !isMistake(error),
    context: { source, stream, ...(place === undefined ? {} : { place }) },
    cause: thrown,
  })
}

/** Whether trying again without a change can only fail again. `fetch` throws its network errors as TypeErrors with a cause. */
function isMistake(error: Error): boolean {
  return (
    error instanceof ReferenceError ||
    error instanceof SyntaxError ||
    (error instanceof TypeError && error.cause === undefined)
  )
}

/** The innermost line of the stack that is the project's: `/…/sources/helpdesk.ts:29`. */
function placeOf(error: Error): string | undefined {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const own = lines.find((line) => !/node:|node_modules|defined-source\.[jt]s/.test(line))
  return /(?:file:\/\/)?(\/[^():]+:\d+)(?::\d+)?\)?$/.exec(own ?? '')?.[1]
}
