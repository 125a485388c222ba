import { createHash } from 'node:crypto'
import { CaudalError } from '@caudal/spec'
import type { Kysely } from 'kysely'
import type { ControlTables } from './schema.ts'

/** Small rotating secrets (OAuth tokens), encrypted at rest. */
export interface SecretVault {
  /**
   * @returns `undefined` when there is none.
   * @throws CaudalError `CAUDAL_SECRET_KEY_MISSING`, `CAUDAL_SECRET_KEY_INVALID`, `CAUDAL_SECRET_KEY_WRONG` (encrypted under another key),
   * `CAUDAL_SECRET_DAMAGED` (changed or moved outside Caudal).
   */
  read(source: string, name: string): Promise<string | undefined>
  /** Resolves when it is durable. */
  write(source: string, name: string, value: string): Promise<void>
  remove(source: string, name: string): Promise<void>
}

interface VaultKey {
  readonly id: string
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()

const howToMakeKey =
  `Set CAUDAL_SECRET_KEY to 32 random bytes in base64, and keep it: ` +
  `node -e "console.log(require('node:crypto').randomBytes(32).toString('base64'))".`

/**
 * A {@link SecretVault} on the control database. Values are compact JWE, `dir` with A256GCM; the authenticated header names the key and
 * the secret, so that a value cannot be read under another name.
 * @param keyText what the environment variable `CAUDAL_SECRET_KEY` holds now; asked at each use, so that projects without such secrets
 * need none.
 */
export function createSecretVault(
  database: Kysely<ControlTables>,
  keyText: () => string | undefined,
): SecretVault {
  return {
    read: async (source, name) => {
      const row = await database
        .selectFrom('secrets')
        .select('value')
        .where('source', '=', source)
        .where('name', '=', name)
        .executeTakeFirst()
      return row === undefined
        ? undefined
        : decrypt(row.value, parseKey(keyText(), source, name), source, name)
    },
    write: async (source, name, value) => {
      const key = parseKey(keyText(), source, name)
      const { CompactEncrypt } = await import('jose')
      const sealed = await new CompactEncrypt(encoder.encode(value))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id, sub: subject(source, name) })
        .encrypt(key.bytes)
      const values = { key_id: key.id, value: sealed, updated_at: new Date().toISOString() }
      await database
        .insertInto('secrets')
        .values({ source, name, ...values })
        .onConflict((conflict) => conflict.columns(['source', 'name']).doUpdateSet(values))
        .execute()
    },
    remove: async (source, name) => {
      await database.deleteFrom('secrets').where('source', '=', source).where('name', '=', name).execute()
    },
  }
}

async function decrypt(sealed: string, key: VaultKey, source: string, name: string): Promise<string> {
  const { compactDecrypt, decodeProtectedHeader } = await import('jose')
  let writtenUnder: unknown
  try {
    writtenUnder = decodeProtectedHeader(sealed).kid
  } catch {
    throw damaged(source, name)
  }
  if (writtenUnder !== key.id) throw wrongKey(String(writtenUnder), key.id, source, name)
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, key.bytes, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    if (protectedHeader['sub'] === subject(source, name)) return new TextDecoder().decode(plaintext)
  } catch {
    throw damaged(source, name)
  }
  throw damaged(source, name)
}

function subject(source: string, name: string): string {
  return JSON.stringify([source, name])
}

function parseKey(text: string | undefined, source: string, name: string): VaultKey {
  if (text === undefined || text.trim() === '') {
    throw new CaudalError({
      code: 'CAUDAL_SECRET_KEY_MISSING',
      message: `The secret \`${name}\` of source \`${source}\` is kept encrypted, and CAUDAL_SECRET_KEY is not set. Nothing was read or written.`,
      hint: howToMakeKey,
      context: { source, secret: name },
    })
  }
  const bytes = new Uint8Array(
    Buffer.from(text.trim(), /^[0-9a-f]{64}$/i.test(text.trim()) ? 'hex' : 'base64'),
  )
  if (bytes.length !== 32) {
    throw new CaudalError({
      code: 'CAUDAL_SECRET_KEY_INVALID',
      message: `CAUDAL_SECRET_KEY holds ${bytes.length} bytes; it must be 32 bytes in base64 or hexadecimal. Nothing was read or written.`,
      hint: howToMakeKey,
      context: { bytes: bytes.length },
    })
  }
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 12), bytes }
}

function wrongKey(writtenUnder: string, keyId: string, source: string, name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SECRET_KEY_WRONG',
    message:
      `The secret \`${name}\` of source \`${source}\` was encrypted under the key ${writtenUnder}; ` +
      `CAUDAL_SECRET_KEY now holds the key ${keyId}. The stored secret was not changed.`,
    hint: `Set CAUDAL_SECRET_KEY to the key ${writtenUnder}; if it is lost, give the source a new token: the next one that it stores is encrypted under the new key.`,
    context: { source, secret: name, writtenUnder, keyId },
  })
}

function damaged(source: string, name: string): CaudalError {
  return new CaudalError({
    code: 'CAUDAL_SECRET_DAMAGED',
    message: `The stored secret \`${name}\` of source \`${source}\` is not what Caudal wrote: it was changed or moved. It is not used.`,
    hint: 'Put back a backup of the control database, or give the source a new token.',
    context: { source, secret: name },
  })
}
