import { test } from 'node:test'
import { lakeBehaviours } from './behaviours.ts'
import type { LakeFactory } from './world.ts'

/** The contract suite of the Lake door: an adapter package calls it with a factory inside a test file. */
export function lakeContract(name: string, factory: LakeFactory): void {
  for (const behaviour of lakeBehaviours) test(`${name}: ${behaviour.name}`, () => behaviour.run(factory))
}
