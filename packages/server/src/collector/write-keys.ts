import { createHash, randomBytes } from 'node:crypto'

/** A write key as it is stored: what it was can not be found from it. */
export interface StoredWriteKey {
  /** SHA-256 of the key, hex. */
  readonly hash: string
  /** The topics that it may write to; `undefined`: every one. */
  readonly topics?: readonly string[]
}

/** Makes a key: 32 random bytes. It is shown once. */
export function createWriteKey(): string {
  return `cwk_${randomBytes(32).toString('base64url')}`
}

/** What is stored of a key. */
export function hashWriteKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Who may send to which topic. Keys are looked up by their hash, so that no comparison takes longer the more of a key is right. */
export class WriteKeys {
  readonly #keys: ReadonlyMap<string, StoredWriteKey>

  constructor(keys: readonly StoredWriteKey[]) {
    this.#keys = new Map(keys.map((key) => [key.hash, key]))
  }

  /** The hash of the key in an `Authorization` header when it may write to the topic: `Bearer <key>`, or `Basic` with the key as user. */
  allowed(authorization: string | undefined, topic: string): string | undefined {
    const key = keyOf(authorization)
    const stored = key === undefined ? undefined : this.#keys.get(hashWriteKey(key))
    return stored !== undefined && (stored.topics?.includes(topic) ?? true) ? stored.hash : undefined
  }
}

function keyOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return undefined
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0]
}
