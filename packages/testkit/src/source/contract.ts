import { test } from 'node:test'
import { sourceBehaviours } from './behaviours.ts'
import type { SourceFactory } from './fixture.ts'

/** The contract suite of the Source door: an adapter package calls it with a factory inside a test file. */
export function sourceContract(name: string, factory: SourceFactory): void {
  for (const behaviour of sourceBehaviours) test(`${name}: ${behaviour.name}`, () => behaviour.run(factory))
}
