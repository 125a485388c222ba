import { test } from 'node:test'
import { controlBehaviours } from './behaviours.ts'
import type { ControlFactory } from './world.ts'

/** The contract suite of control databases: an adapter package calls it with a factory inside a test file. */
export function controlContract(name: string, factory: ControlFactory): void {
  for (const [index, behaviour] of controlBehaviours.entries()) {
    test(`${name}: ${behaviour.name}`, () => behaviour.run(factory, `contract-${index}`))
  }
}
