const checkMs = 500

/**
 * Aborts when this process is asked to end: by a signal, or, where npm started it, by the end of npm. A SIGTERM to npm ends the shell that npm
 * starts scripts with, and dash does not pass it on: without this the tool went on, with nobody to end it.
 */
export function whenAskedToEnd(): AbortSignal {
  const ending = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => ending.abort())
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const parent = process.ppid
    const check = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(check)
      ending.abort()
    }, checkMs)
    check.unref()
  }
  return ending.signal
}
