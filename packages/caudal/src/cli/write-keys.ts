import { randomUUID } from 'node:crypto'
import type { ControlState } from '@caudal/engine'
import { createWriteKey, hashWriteKey, type StoredWriteKey } from '@caudal/server'
import type { JsonValue } from '@caudal/spec'

/** A write key in the control database. */
export interface KnownWriteKey extends StoredWriteKey {
  readonly id: string
  readonly name: string
  readonly createdAt: string
}

const setting = 'write keys'

/** The keys that senders may use. */
export async function listWriteKeys(control: ControlState): Promise<readonly KnownWriteKey[]> {
  return ((await control.settings.get(setting)) ?? []) as unknown as readonly KnownWriteKey[]
}

/** Makes a key; what is returned is shown once and stored nowhere. */
export async function addWriteKey(
  control: ControlState,
  facts: { readonly name: string; readonly topics: readonly string[] },
): Promise<{ readonly known: KnownWriteKey; readonly key: string }> {
  const key = createWriteKey()
  const known: KnownWriteKey = {
    id: randomUUID().slice(0, 8),
    name: facts.name,
    createdAt: new Date().toISOString(),
    hash: hashWriteKey(key),
    ...(facts.topics.length === 0 ? {} : { topics: facts.topics }),
  }
  await store(control, [...(await listWriteKeys(control)), known])
  await control.audit.add({
    viewer: 'local',
    action: 'write-key.create',
    subject: known.id,
    details: { name: facts.name },
  })
  return { known, key }
}

/** Takes a key back. @returns whether there was one. */
export async function revokeWriteKey(control: ControlState, id: string): Promise<boolean> {
  const before = await listWriteKeys(control)
  const left = before.filter((key) => key.id !== id)
  if (left.length === before.length) return false
  await store(control, left)
  await control.audit.add({ viewer: 'local', action: 'write-key.revoke', subject: id, details: {} })
  return true
}

async function store(control: ControlState, keys: readonly KnownWriteKey[]): Promise<void> {
  await control.settings.set(setting, keys as unknown as JsonValue)
}
