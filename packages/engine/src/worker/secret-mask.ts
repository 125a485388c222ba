import type { Manifest, SecretReference } from '@caudal/spec'
import { resolveSetting } from './settings.ts'

/** Shorter values are words that a message may need. */
const lengthMin = 6

/**
 * Takes the values of a project's secrets out of everything that its worker says: code of the project, and libraries in it, put addresses
 * and headers into their errors.
 */
export class SecretMask {
  readonly #values = new Set<string>()

  /** Learns the secrets that the sources name; one that is not there now is not known. */
  learn({ sources, path }: Manifest): void {
    for (const secret of sources.flatMap((source) => source.secrets)) {
      const value = valueOf(secret, path)
      if (value !== undefined) this.learnValue(value)
    }
  }

  /** Learns one value, and how it reads inside an address or a line of base64. */
  learnValue(value: string): void {
    if (value.length < lengthMin) return
    const inForm = new URLSearchParams({ '': value }).toString().slice(1)
    const inBase64 = Buffer.from(value).toString('base64')
    for (const form of [value, encodeURIComponent(value), inForm, inBase64]) this.#values.add(form)
  }

  /** The same without the secrets: every text in plain data, keys included. */
  apply<T>(value: T): T {
    return this.#values.size === 0 ? value : (this.#walk(value) as T)
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (Array.isArray(value)) return value.map((item) => this.#walk(item))
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.#text(key), this.#walk(item)]))
  }

  #text(text: string): string {
    let safe = text
    for (const value of this.#values) safe = safe.replaceAll(value, '[redacted]')
    return safe
  }
}

function valueOf(secret: SecretReference, projectPath: string): string | undefined {
  try {
    return resolveSetting(secret, projectPath, 'the mask of secrets')
  } catch {
    return undefined
  }
}
