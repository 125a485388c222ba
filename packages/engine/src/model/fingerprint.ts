import { createHash } from 'node:crypto'
import type { ModelNode } from '@caudal/spec'
import { normaliseSql } from '@caudal/sql'

/** A short hash of values that JSON can hold: 16 hex digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}

/** Of a model's SQL and of the settings that decide its rows; comments, layout, descriptions and tags do not count. */
export function fingerprintModel(model: Pick<ModelNode, 'sql' | 'materialization' | 'incremental'>): string {
  const { time, grain, start, key } = model.incremental ?? {}
  return hashOf([normaliseSql(model.sql), model.materialization, time, grain, start, key])
}

/**
 * Each model's own fingerprint together with those of all models above it: another one means other rows.
 * @param models in an order in which each follows what it reads
 */
export function effectiveFingerprints(models: readonly ModelNode[]): ReadonlyMap<string, string> {
  const effective = new Map<string, string>()
  for (const model of models) {
    const upstream = model.references.map((name) => effective.get(name) ?? '')
    effective.set(model.name, hashOf([model.fingerprint, upstream]))
  }
  return effective
}
