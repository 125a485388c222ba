import type { ModelNode, ModelState } from '@caudal/spec'
import { hashOf } from '../model/fingerprint.ts'

/**
 * What the warehouse remembers of a model's last build. It travels as the text `own:effective:sequence` in
 * {@link ModelState.fingerprint}, which only the planner reads.
 */
export interface BuiltState {
  /** Fingerprint of its own SQL and settings. */
  readonly own: string
  /** Together with those of the models above it, as they were built. */
  readonly effective: string
  /** Newest ledger sequence number of what it reads, taken before the build began. */
  readonly sequence: number
}

/** Writes a built state as text. */
export function formatBuiltState(state: BuiltState): string {
  return `${state.own}:${state.effective}:${state.sequence}`
}

/** Reads a built state; text of another form is a state that nothing equals. */
export function parseBuiltState(text: string): BuiltState {
  const [own = '', effective = '', sequence = ''] = text.split(':')
  return { own, effective, sequence: /^\d+$/.test(sequence) ? Number(sequence) : 0 }
}

/** What a model is made of: its own fingerprint and those of what it reads. */
export function combineFingerprints(own: string, upstream: readonly string[]): string {
  return hashOf([own, upstream])
}

/**
 * The effective fingerprint of what stands in the warehouse under a name; empty for raw tables and for what was never built. A view is made of
 * what it reads now, whenever it was put in place.
 */
export function builtFingerprint(
  name: string,
  models: ReadonlyMap<string, ModelNode>,
  states: ReadonlyMap<string, ModelState>,
): string {
  const state = states.get(name)
  if (state === undefined) return ''
  const built = parseBuiltState(state.fingerprint)
  const model = models.get(name)
  if (state.materialization !== 'view' || model === undefined) return built.effective
  return combineFingerprints(
    built.own,
    model.references.map((reference) => builtFingerprint(reference, models, states)),
  )
}

/** The newest ledger sequence number that changed what a name shows: a view shows what it reads. */
export function shownSequence(
  name: string,
  models: ReadonlyMap<string, ModelNode>,
  versions: Readonly<Record<string, number>>,
): number {
  const own = versions[name] ?? 0
  const model = models.get(name)
  if (model?.materialization !== 'view') return own
  return Math.max(own, readSequence(model, models, versions))
}

/** The newest ledger sequence number of what a model reads. */
export function readSequence(
  model: ModelNode,
  models: ReadonlyMap<string, ModelNode>,
  versions: Readonly<Record<string, number>>,
): number {
  return Math.max(0, ...model.references.map((reference) => shownSequence(reference, models, versions)))
}
