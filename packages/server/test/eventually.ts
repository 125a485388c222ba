import { setTimeout as wait } from 'node:timers/promises'

/** Waits until a condition holds that no event announces. @throws when it does not within two seconds. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 2_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within two seconds: ${what}`)
    await wait(5)
  }
}
