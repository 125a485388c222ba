const secretParameter =
  /^(?:key|token|code|jwt|sig|hapikey|passwd|pwd)$|(?:^|[_-])(?:api[_-]?key|access[_-]?token|auth[_-]?token|refresh[_-]?token|secret|password|signature)$/i

const mask = '***'

/**
 * Keeps secrets out of messages, logs and origins: masks values it was told, user names and passwords in URLs, and query parameters whose
 * names speak of secrets.
 */
export class Redactor {
  readonly #secrets = new Set<string>()
  readonly #parameters = new Set<string>()

  /** From now on this value is masked, also where it is percent-encoded. Values shorter than 4 characters are not: they occur by chance. */
  addSecret(secret: string): void {
    if (secret.length < 4) return
    this.#secrets.add(secret)
    this.#secrets.add(encodeURIComponent(secret))
    this.#secrets.add(JSON.stringify(secret).slice(1, -1))
  }

  /** From now on the values of this query parameter are masked. */
  addParameter(name: string): void {
    this.#parameters.add(name.toLowerCase())
  }

  /** Text without the known secrets. */
  text(text: string): string {
    let shown = text
    for (const secret of this.#secrets) shown = shown.replaceAll(secret, mask)
    return shown
  }

  /** An address fit to be shown. */
  url(address: string | URL): string {
    const url = URL.parse(String(address))
    if (url === null) return this.text(String(address))
    url.username = ''
    url.password = ''
    for (const name of new Set(url.searchParams.keys())) {
      if (secretParameter.test(name) || this.#parameters.has(name.toLowerCase())) {
        url.searchParams.set(name, mask)
      }
    }
    return this.text(url.href)
  }
}
