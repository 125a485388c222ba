const removed = '[redacted]'

const patterns: readonly (readonly [RegExp, string])[] = [
  // Repetitions are bounded, so that a long text costs time in proportion to its length.
  /** Password in a URL: `postgres://user:password@host`. */
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,200}:)[^\s/?#@]{1,1000}@/gi, `$1${removed}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`],
  /** JSON web tokens. */
  [/\beyJ[\w-]{8,8000}\.[\w-]{8,}(?:\.[\w-]*){0,3}/g, removed],
  [
    /\b((?:[\w-]{0,40}(?:token|secret|passwo?r?d|api[_-]?key|apikey|signature|credential|private[_-]?key)|sig)["']?\s*[=:]\s*["']?)[^\s"'&,;)}\]]{3,}/gi,
    `$1${removed}`,
  ],
]

/**
 * Takes out of a text what looks like a secret: passwords in URLs, bearer and basic credentials, JSON web tokens, and the values of
 * parameters whose name says so (`token=`, `api_key:`, …). A last line of defence for logs, answers and alerts: code that handles
 * secrets keeps them out of its messages to begin with.
 */
export function redactText(text: string): string {
  return patterns.reduce((safe, [pattern, replacement]) => safe.replace(pattern, replacement), text)
}
