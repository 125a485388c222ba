import { test } from 'node:test'
import { logBehaviours } from './behaviours.ts'
import type { LogFactory } from './world.ts'

/** The contract suite of the Log door: an adapter package calls it with a factory inside a test file. */
export function logContract(name: string, factory: LogFactory): void {
  for (const behaviour of logBehaviours) test(`${name}: ${behaviour.name}`, () => behaviour.run(factory))
}
